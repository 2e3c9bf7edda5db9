import {
  type Addr,
  PAGE_SIZE,
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_READ,
} from "sim";
import { VM_WRITE } from "sim";
import { dice, sameRows, suite } from "../expect.ts";

type Kata = typeof import("./solution.ts");
type Mapping = Parameters<Kata["advise"]>[0][number];
type Wanted = ReturnType<Kata["advise"]>;
type Advice = { name: string; change: (flags: number) => number };
/** A call: an advice and a range in pages; `first` is the address of page 0. */
type Call = Advice & { from: number; to: number; first: number };

/** What a mapping is called in a list; any other flags are drawn as a number. */
const FLAGS = {
  "plain": VM_READ | VM_WRITE,
  "DONTCOPY": VM_READ | VM_WRITE | VM_DONTCOPY,
  "r--": VM_READ,
  "r--DONTCOPY": VM_READ | VM_DONTCOPY,
  "LOCKED": VM_READ | VM_WRITE | VM_LOCKED,
  "r--LOCKED": VM_READ | VM_LOCKED,
  "COPYONFORK": VM_READ | VM_WRITE | VM_COPYONFORK,
  "MERGEABLE": VM_READ | VM_WRITE | VM_MERGEABLE, // bit 31: a negative number, as in the machine
};
type Flags = keyof typeof FLAGS;

const DONTFORK: Advice = { name: "DONTFORK", change: (flags) => flags | VM_DONTCOPY };
const DOFORK: Advice = { name: "DOFORK", change: (flags) => flags & ~VM_DONTCOPY };
/** Not madvise but mlock; the list of mappings changes in the same way. */
const LOCK: Advice = { name: "mlock", change: (flags) => flags | VM_LOCKED };

/** A call that covers part of a list of mappings leaves a list that is as short as it was. */
export default (kata: Kata) => {
  const test = suite("madvise splits and merges");

  /**
   * Asks the reader's function, and compares the list and the answer.
   *
   * @param before mappings, `0-2 plain 1, 2-4 DONTCOPY 2`: first page, first page behind it, flags, anon_vma
   * @param range `1-3`, in pages
   * @param after as `before`, with ENOMEM at its end if that is the answer
   */
  function gives(before: string, range: string, advice: Advice, after: string, hint: string): void {
    const [from, to] = range.split("-").map(Number) as [number, number];
    const call = { ...advice, from, to, first: FIRST };
    const answer = after.endsWith("ENOMEM") ? "ENOMEM" : 0;
    asks(listOf(before), call, { vmas: listOf(after), answer }, hint);
  }

  /** As `gives`, with lists for texts. */
  function asks(before: readonly Mapping[], call: Call, wanted: Wanted, hint: string): void {
    const { name, change, from, to, first } = call;
    const given = before.map((vma) => ({ ...vma })), mappings = [...given];
    const at = (page: number) => first + page * PAGE_SIZE;
    const { vmas, answer } = kata.advise(given, at(from), at(to), change);
    const same = vmas === given;
    const rows = (list: readonly Mapping[]) => drawn(list, first).join("\n");
    const compare = (now: string, then: string, hint: string) => {
      const asked = `${name} for pages ${from}-${to} of these mappings`;
      sameRows([asked, ...drawn(before, first).map((row) => `  ${row}`)], now, then, hint);
    };
    // To draw takes longer than to compare.
    if (answer !== wanted.answer || !isSame(vmas, wanted.vmas)) {
      const near = differsAt(vmas, wanted.vmas), lent = around(before, near);
      const told = (vmas: readonly Mapping[], answer: unknown) =>
        `${rows(around(vmas, near))}\nanswers ${answer}`;
      if (lent.length < before.length) {
        const asked = `${name} for pages ${from}-${to} of ${before.length} mappings, among them`;
        const at = `they differ at page ${(near - first) / PAGE_SIZE} first: ${hint}`;
        const lines = [asked, ...drawn(lent, first).map((row) => `  ${row}`)];
        sameRows(lines, told(vmas, answer), told(wanted.vmas, wanted.answer), at);
      }
      const sorted = [...vmas].sort((a, b) => a.start - b.start);
      if (answer === wanted.answer && isSame(sorted, wanted.vmas)) {
        compare(rows(vmas), rows(wanted.vmas), UNORDERED);
      }
      compare(told(vmas, answer), told(wanted.vmas, wanted.answer), hint);
    }
    if (!isSame(mappings, before)) compare(rows(mappings), rows(before), IN_PLACE);
    if (!isSame(given, before)) compare(rows(given), rows(before), CONSUMED);
    if (same) compare("the list that was given", "a new list", GIVEN);
    if (mappings.some((vma) => Object.keys(vma).length !== 4)) {
      compare("a mapping that was given has more in it than before", "as it was", WRITTEN);
    }
    if (![given, ...mappings].every(Object.isExtensible)) {
      compare("nobody can change what was given any more", "as it was", FROZEN);
    }
    const locked = Object.freeze(before.map((vma) => Object.freeze({ ...vma })));
    try {
      kata.advise(locked, at(from), at(to), change);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      compare(error.message, "nothing is written to what was given", BORROWED);
    }
  }

  test("a mapping that the range covers is changed", () => {
    const hint = "the whole mapping was advised, no more and no less";
    gives("0-4 plain 1", "0-4", DONTFORK, "0-4 DONTCOPY 1", hint);
  });

  test("the mapping that begins where the range ends is left alone", () => {
    const hint = "the end of a range is the first address that is not meant";
    gives("0-2 plain 1, 2-4 plain 2", "0-2", DONTFORK, "0-2 DONTCOPY 1, 2-4 plain 2", hint);
  });

  test("a range in the middle of a mapping is cut out of it", () => {
    const after = "0-1 plain 1, 1-3 DONTCOPY 1, 3-4 plain 1";
    const hint = "pages 0 and 3 are the mapping's, not the buffer's: a child would miss them";
    gives("0-4 plain 1", "1-3", DONTFORK, after, hint);
  });

  test("what becomes like the mapping before it is joined to it", () => {
    const hint = "two neighbours are alike now: who does this all day fills the list with them";
    gives("0-2 DONTCOPY 1, 2-4 plain 1", "2-4", DONTFORK, "0-4 DONTCOPY 1", hint);
  });

  test("what is made as it was heals on both sides", () => {
    const before = "0-1 plain 1, 1-3 DONTCOPY 1, 3-4 plain 1";
    const hint = "DONTFORK and DOFORK together should leave no trace: a range has two ends";
    gives(before, "1-3", DOFORK, "0-4 plain 1", hint);
  });

  test("mappings with a hole between them are not joined", () => {
    const before = "0-1 DONTCOPY 1, 2-3 plain 1", after = "0-1 DONTCOPY 1, 2-3 DONTCOPY 1";
    const hint = "page 1 is a hole, before the call and after it: to be alike is not to touch";
    gives(before, "2-3", DONTFORK, after, hint);
  });

  test("mappings that differ in another flag are not joined", () => {
    const before = "0-2 r--DONTCOPY 1, 2-4 plain 1", after = "0-2 r--DONTCOPY 1, 2-4 DONTCOPY 1";
    const hint = "both are marked now, but one may be written to and the other may not";
    gives(before, "2-4", DONTFORK, after, hint);
  });

  test("each mapping in a range gets the flags that are told for its own", () => {
    const hint = "mlock asks for VM_LOCKED, and the first of the two stays read-only";
    gives("0-1 r-- 1, 1-2 plain 1", "0-2", LOCK, "0-1 r--LOCKED 1, 1-2 LOCKED 1", hint);
  });

  test("mappings that differ in the highest flag are not joined", () => {
    const before = "0-2 MERGEABLE 1, 2-4 DONTCOPY 1", after = "0-2 MERGEABLE 1, 2-4 plain 1";
    const hint = "KSM may merge pages of the first and not of the second: that flag is bit 31";
    gives(before, "2-4", DOFORK, after, hint);
  });

  test("mappings with different anon_vma are not joined", () => {
    const before = "0-2 DONTCOPY 1, 2-4 plain 2", after = "0-2 DONTCOPY 1, 2-4 DONTCOPY 2";
    const hint = "the frames of these two belong to two anon_vma, and a mapping has one";
    gives(before, "2-4", DONTFORK, after, hint);
  });

  test("mappings whose anon_vma differ in a high bit are not joined", () => {
    const before = "0-2 DONTCOPY 5, 2-4 plain 65541", after = "0-2 DONTCOPY 5, 2-4 DONTCOPY 65541";
    const hint = "5 and 65541 are two anon_vma: all of a number counts, not its last bits";
    gives(before, "2-4", DONTFORK, after, hint);
  });

  test("a mapping without an anon_vma is joined to one that has it", () => {
    const hint = "the second mapping has no frames yet, so that any anon_vma will do for it";
    gives("0-2 DONTCOPY 1, 2-4 plain 0", "2-4", DONTFORK, "0-4 DONTCOPY 1", hint);
  });

  test("the joined mapping has the anon_vma of the part that had one", () => {
    const hint = "the frames of pages 2 and 3 are anon_vma 70's: nobody finds who maps them now";
    gives("0-2 plain 0, 2-4 DONTCOPY 70", "0-2", DONTFORK, "0-4 DONTCOPY 70", hint);
  });

  test("a joined mapping is compared as it has become", () => {
    const before = "0-1 DONTCOPY 1, 1-2 plain 0, 2-3 DONTCOPY 2";
    const hint = "page 1 could join either side, not both: the left one first, with anon_vma 1";
    gives(before, "1-2", DONTFORK, "0-2 DONTCOPY 1, 2-3 DONTCOPY 2", hint);
  });

  test("neighbours that the call has not touched stay two", () => {
    const before = "0-1 plain 1, 1-2 plain 1, 3-4 plain 1";
    const after = "0-1 plain 1, 1-2 plain 1, 3-4 DONTCOPY 1";
    const hint = "the call is about page 3: pages 0 and 1 are far away from it, in two mappings";
    gives(before, "3-4", DONTFORK, after, hint);
  });

  test("a call that changes nothing leaves every border", () => {
    const list = "0-2 plain 1, 2-4 plain 1";
    const hint = "the range had these flags already: nothing is to be cut, nothing to be joined";
    gives(list, "0-4", DOFORK, list, hint);
  });

  test("the part of a range that has the flags already is not cut", () => {
    const before = "0-2 DONTCOPY 1, 2-4 plain 2";
    const after = "0-2 DONTCOPY 1, 2-3 DONTCOPY 2, 3-4 plain 2";
    const hint = "page 1 had the flag before, like page 0: where nothing changes, nothing is cut";
    gives(before, "1-3", DONTFORK, after, hint);
  });

  test("a range that reaches past the last mapping answers ENOMEM", () => {
    const hint = "page 2 is in the range and not mapped: the caller must hear about it";
    gives("0-2 DONTCOPY 1", "0-3", DONTFORK, "0-2 DONTCOPY 1, ENOMEM", hint);
  });

  test("what is mapped before a hole is changed", () => {
    const hint = "madvise does what it can first, and complains afterwards";
    gives("0-2 plain 1", "0-3", DONTFORK, "0-2 DONTCOPY 1, ENOMEM", hint);
  });

  test("what is mapped behind a hole is changed, too", () => {
    const after = "0-1 DONTCOPY 1, 2-3 DONTCOPY 1, ENOMEM";
    const hint = "page 2 is mapped, and in the range: mprotect stops at a hole, madvise goes on";
    gives("0-1 plain 1, 2-3 plain 1", "0-3", DONTFORK, after, hint);
  });

  test("a range that begins in a hole answers ENOMEM", () => {
    const hint = "page 0 is in the range and not mapped; a hole at the front is a hole";
    gives("1-2 plain 1", "0-2", DONTFORK, "1-2 DONTCOPY 1, ENOMEM", hint);
  });

  test("an empty range changes nothing and answers 0", () => {
    const hint = "there is no page in the range: nothing to do, and nothing to complain about";
    gives("0-4 plain 1", "2-2", DONTFORK, "0-4 plain 1", hint);
  });

  test("a mapping of three gigabytes and more", () => {
    const gigabytes = 3 << 18, end = gigabytes + 1;
    const hint =
      "page 786432 is three gigabytes on, and a shift takes 32 bits: lengths do not fit, nor do addresses";
    gives(
      `0-${end} plain 1`,
      `0-${gigabytes}`,
      DONTFORK,
      `0-${gigabytes} DONTCOPY 1, ${gigabytes}-${end} plain 1`,
      hint,
    );
    const hole =
      "all of the range but its first page is a hole of four gigabytes, which is 0 in 32 bits: is there a limit?";
    gives("0-1 plain 1", `0-${1 + (1 << 20)}`, DONTFORK, "0-1 DONTCOPY 1, ENOMEM", hole);
    const last = (1 << 20) + 2, far = `${last - 1}-${last}`;
    const after = `0-1 DONTCOPY 1, ${far} DONTCOPY 1, ENOMEM`;
    const apart = "between the two lies a hole of four gigabytes, 0 in 32 bits: they do not touch";
    gives(`0-1 plain 1, ${far} plain 1`, `0-${last}`, DONTFORK, after, apart);
  });

  test("a list of two thousand mappings", () => {
    const flags = (i: number, last: Flags) => FLAGS[i < 1999 ? "plain" : last];
    const list = (last: Flags) =>
      Array.from({ length: 2000 }, (_, i) => mapping(i, i + 1, flags(i, last), 1 + i));
    const call = { ...DONTFORK, from: 1999, to: 2000, first: FIRST };
    const hint = "a process may have 65530 mappings, and the last one is advised like the first";
    asks(list("plain"), call, { vmas: list("DONTCOPY"), answer: 0 }, hint);
  });

  test("all short lists and ranges, page by page", () => {
    const hint = "which border is it, in the first row that differs, and did a side change?";
    for (const kinds of KINDS) {
      for (const vmas of everyList(4, kinds)) {
        for (const call of CALLS) asks(vmas, call, promised(vmas, call), hint);
      }
    }
  });

  test("many mappings and wide holes, at low and at high addresses", () => {
    for (const first of [0, 0x7fff_e000, 0x7ffe_1234_5000]) {
      const next = dice(1 + first % 1000);
      const hint = `page 0 at 0x${first.toString(16)}: is there a limit? | and >> take 32 bits`;
      for (let i = 0; i < 400; i++) {
        const pages = i % 50 ? 4 + Math.floor(i / 10) : 300, vmas = someList(pages, first, next);
        const from = next(pages), to = from + next(pages);
        const call = { ...[DONTFORK, DOFORK, LOCK][next(3)]!, from, to, first };
        asks(vmas, call, promised(vmas, call), hint);
      }
    }
  });

  return test;
};

const IN_PLACE = "the answer is right, but a mapping that was given has been changed in place";
const UNORDERED = "the mappings are the right ones, in another order: a list is ordered by address";
const GIVEN =
  "nothing has changed, and the list that was given is answered: who writes to yours then writes to theirs";
const WRITTEN = "the answer is right, but a note was left on a mapping that is only lent";
const FROZEN =
  "the answer is right, but what was given is frozen: its owner cannot change it any more";
const BORROWED =
  "the answer is right, and on the way to it what was given is written to: others read it all the while";
const CONSUMED = "the answer is right, but the list that was given is no longer as it was";

/** Where page 0 of a list is, unless the test is about that. */
const FIRST = 0x10000;
/** What a page may be, flags and anon_vma. */
const KINDS: readonly (readonly (readonly [Flags, number])[])[] = [
  [["plain", 0], ["plain", 1], ["DONTCOPY", 1]],
  [["plain", 1], ["plain", 2], ["DONTCOPY", 2]],
  [["DONTCOPY", 1], ["plain", 0], ["DONTCOPY", 2]],
  [["plain", 1], ["r--", 1], ["r--DONTCOPY", 0]],
];

/** Every list of so many pages, holes among them: neighbours that are alike are two mappings once, and one once. */
function* everyList(pages: number, kinds: typeof KINDS[number]): Generator<Mapping[]> {
  if (pages === 0) return yield [];
  for (const list of everyList(pages - 1, kinds)) {
    yield list;
    for (const [name, anonVma] of kinds) {
      const vma = mapping(pages - 1, pages, FLAGS[name], anonVma), last = list.at(-1);
      yield [...list, vma];
      const alike = last?.flags === vma.flags && last.anonVma === anonVma;
      if (alike && last.end === vma.start) yield [...list.slice(0, -1), { ...last, end: vma.end }];
    }
  }
}

/** Every call for pages 0 to 4, with empty ranges. */
const CALLS: readonly Call[] = [0, 1, 2, 3, 4].flatMap((from) =>
  [0, 1, 2, 3, 4].slice(from).flatMap((to) =>
    [DONTFORK, DOFORK].map((advice) => ({ ...advice, from, to, first: FIRST }))
  )
);

/** A list of about so many pages, with holes of up to six. */
function someList(pages: number, first: number, next: (below: number) => number): Mapping[] {
  const list: Mapping[] = [], names = Object.values(FLAGS);
  for (let page = next(2); page < pages;) {
    const to = page + 1 + next(3), anonVma = [0, 3, 3, 3 + 2 ** (2 + next(30))][next(4)]!;
    list.push(mapping(page, to, names[next(names.length)]!, anonVma, first));
    page = to + (next(6) ? 0 : next(7));
  }
  return list;
}

/** What was promised, page by page: each is joined to the one before it, or begins a mapping. */
function promised(vmas: readonly Mapping[], { change, from, to, first }: Call): Wanted {
  const list: Mapping[] = [];
  let before: { of: Mapping; changed: boolean } | undefined, missing = to - from;
  for (const of of vmas) {
    for (let start = of.start; start < of.end; start += PAGE_SIZE) {
      const page = (start - first) / PAGE_SIZE, within = from <= page && page < to;
      if (within) missing--;
      const flags = within ? change(of.flags) : of.flags;
      const vma = { ...of, start, end: start + PAGE_SIZE, flags };
      const changed = flags !== of.flags, last = list.at(-1);
      const touched = before !== undefined && (before.changed || changed);
      const theirs = !last?.anonVma || !vma.anonVma || last.anonVma === vma.anonVma;
      const one = before?.of === of || touched && theirs;
      if (last && last.end === start && last.flags === flags && one) {
        list[list.length - 1] = { ...last, end: vma.end, anonVma: last.anonVma || vma.anonVma };
      } else list.push(vma);
      before = { of, changed };
    }
  }
  return { vmas: list, answer: missing ? "ENOMEM" : 0 };
}

/** The first address at which two lists differ; 0 when they do not. */
function differsAt(list: readonly Mapping[], wanted: readonly Mapping[]): Addr {
  for (let i = 0; i < Math.max(list.length, wanted.length); i++) {
    const now = list[i], then = wanted[i];
    if (!now || !then) return (now ?? then)!.start;
    if (!isSame([now], [{ ...then, end: now.end }])) return Math.min(now.start, then.start);
    if (now.end !== then.end) return Math.min(now.end, then.end);
  }
  return 0;
}

/** Of a long list, the mappings about an address. */
function around(list: readonly Mapping[], addr: Addr): readonly Mapping[] {
  const at = list.findIndex(({ end }) => end >= addr), from = at < 0 ? list.length - 4 : at - 3;
  return list.length < 12 ? list : list.slice(Math.max(from, 0)).slice(0, 8);
}

function isSame(list: readonly Mapping[], wanted: readonly Mapping[]): boolean {
  const same = (vma: Mapping, { start, end, flags, anonVma }: Mapping) =>
    vma.start === start && vma.end === end && vma.flags === flags && vma.anonVma === anonVma;
  return list.length === wanted.length && list.every((vma, i) => same(vma, wanted[i]!));
}

function listOf(text: string): Mapping[] {
  const parts = text.matchAll(/(\d+)-(\d+) (\S+) (\d+)/g);
  return [...parts].map(([, from, to, flags, anonVma]) =>
    mapping(Number(from), Number(to), FLAGS[flags as Flags], Number(anonVma))
  );
}

function mapping(from: number, to: number, flags: number, anonVma: number, first = FIRST): Mapping {
  return { start: first + from * PAGE_SIZE, end: first + to * PAGE_SIZE, flags, anonVma };
}

/** A row for each mapping. */
function drawn(vmas: readonly Mapping[], first: number): string[] {
  const page = (addr: number) => (addr - first) / PAGE_SIZE;
  const rows = vmas.map(({ start, end, flags, anonVma }) => {
    const name = Object.entries(FLAGS).find(([, value]) => value === flags)?.[0];
    const padded = (name ?? `flags ${flags}`).padEnd(8);
    return `pages ${page(start)}-${page(end)}  ${padded}  anon_vma ${anonVma}`;
  });
  return rows.length ? rows : ["no mapping"];
}
