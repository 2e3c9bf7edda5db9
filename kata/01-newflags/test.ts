import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_NONE, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import {
  VM_ACCOUNT,
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_DONTEXPAND,
  VM_GROWSDOWN,
  VM_IO,
  VM_LOCKED,
} from "sim";
import { VM_EXEC, VM_MAYEXEC, VM_MAYREAD, VM_MAYSHARE, VM_MAYWRITE, VM_PFNMAP } from "sim";
import { VM_MERGEABLE, VM_READ, VM_SHARED, VM_WIPEONFORK, VM_WRITE } from "sim";
import { everyChoice, sameRows, suite } from "../expect.ts";

const MAY = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
/** Private memory that may be given any permission, and has two. */
const PRIVATE = VM_READ | VM_WRITE | MAY;
/** A shared mapping of a file that was opened for reading only: it lacks VM_MAYWRITE, and VM_SHARED with it. */
const READ_ONLY = VM_READ | VM_MAYREAD | VM_MAYEXEC | VM_MAYSHARE;

/** What mprotect makes of a mapping's flags, with the patch of 2005. */
export default (kata: typeof import("./solution.ts")) => {
  const test = suite("mprotect takes PROT_DONTCOPY");

  /** What the reader's function answers: the new flags, or the name of the error. */
  function ask(flags: number, prot: number): number | string {
    let answer: unknown;
    try {
      answer = kata.newFlags(flags, prot);
    } catch (error) {
      if (error instanceof Errno) return error.code;
      // A TypeError and its like is a mistake on the way to an answer.
      if (error instanceof Error && CRASHES.includes(error.constructor)) throw error;
      if ((error as { code?: unknown })?.code === "ERR_ASSERTION") throw error; // it says what is wrong
      const hint =
        'to refuse is to throw an Errno of "sim", `new Errno("EACCES", …)`: another class with that name is not one';
      sameRows(asked(flags, prot), `throws ${nameOf(error)}`, "flags, or an Errno", hint);
    }
    // With the highest flag in it, a number of 32 bits may have become negative.
    const bits = Number(answer) >>> 0;
    if (answer === bits || flags >= 2 ** 31 && answer === (bits | 0)) return bits;
    const hint =
      'to refuse is to throw an Errno of "sim", `new Errno("EACCES", …)` or `new Errno("EINVAL", …)`; otherwise flags are returned';
    sameRows(asked(flags, prot), `${answer}`, "flags, or an Errno", hint);
    return "";
  }

  /** Asserts what the function answers: an error's name, or flags as they are drawn, with `;` between the rows. */
  function gives(flags: number, prot: number, answer: string, hint: string): void {
    sameRows(asked(flags, prot), text(ask(flags, prot)), answer.replaceAll("; ", "\n"), hint);
  }

  /** Asserts that the function does not refuse with this error. */
  function takes(flags: number, prot: number, unless: string, hint: string): void {
    const given = ask(flags, prot) === unless ? unless : "is taken";
    sameRows(asked(flags, prot), given, "is taken", hint);
  }

  test("without PROT_DONTCOPY, mprotect does what it did", () => {
    takes(
      PRIVATE,
      PROT_READ,
      "EACCES",
      "ordinary memory may be read, and that is all that was asked: of its flags, 0x71, your test leaves 0x70. Whose bits are those?",
    );
    gives(
      PRIVATE,
      PROT_READ,
      "allows  r--; may allow  rwx",
      "the mapping was rw-, and r-- is all that was asked: permissions become what prot says",
    );
  });

  test("PROT_DONTCOPY is known, and needs no VM_MAY bit", () => {
    const prot = PROT_READ | PROT_WRITE | PROT_DONTCOPY;
    takes(PRIVATE, prot, "EINVAL", "this kernel has the patch: PROT_DONTCOPY is a bit it knows");
    takes(
      PRIVATE,
      prot,
      "EACCES",
      "this is what Dickins feared: 0x20000 has nothing four places above it, and is refused for that; what is a permission, and what is not?",
    );
  });

  test("PROT_DONTCOPY becomes VM_DONTCOPY", () => {
    gives(
      PRIVATE,
      PROT_READ | PROT_WRITE | PROT_DONTCOPY,
      "allows  rw-; may allow  rwx; also  DONTCOPY",
      "fork looks for VM_DONTCOPY, 0x20000; PROT_DONTCOPY is 0x4000000, and as a vm_flag it means something else",
    );
  });

  test("leaving PROT_DONTCOPY out gives the mapping to children again", () => {
    gives(
      PRIVATE | VM_DONTCOPY,
      PROT_READ | PROT_WRITE,
      "allows  rw-; may allow  rwx",
      "mprotect replaces what it sets: nothing else could ever take VM_DONTCOPY away again",
    );
  });

  test("PROT_DONTCOPY alone takes every permission away", () => {
    gives(
      PRIVATE,
      PROT_DONTCOPY,
      "allows  ---; may allow  rwx; also  DONTCOPY",
      "no permission was asked for, so none is left: PROT_DONTCOPY adds to the protection, and does not stand for it",
    );
  });

  test("a permission without its VM_MAY bit is refused", () => {
    gives(
      READ_ONLY,
      PROT_READ | PROT_WRITE,
      "EACCES",
      "the file was opened for reading only; a caller who is told yes will store, and be killed by it",
    );
  });

  test("PROT_DONTCOPY opens nothing that is closed", () => {
    gives(
      READ_ONLY,
      PROT_READ | PROT_WRITE | PROT_DONTCOPY,
      "EACCES",
      "with PROT_DONTCOPY anybody may write to a file that was opened for reading only: the other bits are still checked",
    );
  });

  test("a permission that was taken away can be given back", () => {
    gives(
      VM_READ | MAY,
      PROT_READ | PROT_WRITE | PROT_EXEC | PROT_DONTCOPY,
      "allows  rwx; may allow  rwx; also  DONTCOPY",
      "what the mapping allows now is not what it may allow: the VM_MAY bits are asked",
    );
  });

  test("a permission that the mapping has is checked like any other", () => {
    gives(
      VM_READ | VM_WRITE | VM_MAYREAD,
      PROT_READ | PROT_WRITE,
      "EACCES",
      "the mapping can be written to, and may not be: the request is checked, not what it would change",
    );
  });

  test("what mprotect does not set stays as it is", () => {
    gives(
      PRIVATE | VM_SHARED | VM_MAYSHARE | VM_LOCKED | VM_GROWSDOWN,
      PROT_READ | PROT_DONTCOPY,
      "allows  r--; may allow  rwx; also  SHARED  MAYSHARE  GROWSDOWN  LOCKED  DONTCOPY",
      "the mapping was shared and locked, and nobody has asked to change that",
    );
  });

  test("what a mapping is charged for stays as it is", () => {
    gives(
      PRIVATE | VM_ACCOUNT,
      PROT_READ | PROT_DONTCOPY,
      "allows  r--; may allow  rwx; also  DONTCOPY  ACCOUNT",
      "VM_ACCOUNT, 0x100000, says that the memory was charged; whoever drops it never gives the charge back",
    );
  });

  test("flags that this exercise has no name for stay as they are", () => {
    gives(
      PRIVATE | NAMELESS,
      PROT_READ,
      `allows  r--; may allow  rwx; also  ${hex(NAMELESS)}`,
      "later kernels have more flags, above those asked for as well: what mprotect does not set, it leaves",
    );
  });

  test("the highest flag stays as it is", () => {
    gives(
      PRIVATE + VM_MERGEABLE,
      PROT_READ,
      `allows  r--; may allow  rwx; also  ${hex(VM_MERGEABLE)}`,
      "VM_MERGEABLE is 0x80000000, the highest of 32 bits: it is a flag like the others, and no sign",
    );
  });

  test("a flag that has the number of PROT_DONTCOPY stays", () => {
    gives(
      PRIVATE | VM_COPYONFORK,
      PROT_READ | PROT_WRITE | PROT_DONTCOPY,
      "allows  rw-; may allow  rwx; also  DONTCOPY  COPYONFORK",
      "in the flags 0x4000000 is VM_COPYONFORK, which mprotect does not set: it is neither added nor taken away",
    );
  });

  test("PROT_SEM is known, and changes nothing", () => {
    gives(
      PRIVATE,
      PROT_READ | PROT_SEM,
      "allows  r--; may allow  rwx",
      "PROT_SEM, 0x8, is known and stands for no flag; the one with that number is VM_SHARED, and this memory is private",
    );
  });

  test("a bit that this kernel does not know is refused", () => {
    for (const bit of UNKNOWN) {
      const hint = `${hex(bit)} means nothing yet: who lets it pass cannot give it a meaning later`;
      gives(PRIVATE, PROT_READ | bit, "EINVAL", hint);
    }
  });

  test("an unknown bit is refused in any company", () => {
    for (const [i, bit] of UNKNOWN.entries()) {
      for (const other of [PROT_NONE, PROT_EXEC, PROT_DONTCOPY, ...UNKNOWN.slice(i)]) {
        // Not with `|`, whose answer is negative once it has the highest bit.
        const prot = bit === other ? bit : bit + other;
        const hint = `${hex(bit)} is not known, and what else is asked for does not change that`;
        gives(PRIVATE | VM_DONTCOPY, prot, "EINVAL", hint);
      }
    }
  });

  test("an unknown bit is refused before a permission is", () => {
    gives(
      READ_ONLY,
      PROT_WRITE | PROT_DONTCOPY << 1,
      "EINVAL",
      "both are wrong, and the protection is looked at first: only then is a mapping looked up",
    );
  });

  test("every mapping, and every protection", () => {
    for (const choice of everyChoice(CASES)) {
      const parts = Object.values(choice), refused = parts.some(([, , then]) => then === "EACCES");
      const sum = (at: 0 | 1 | 2) => (parts.reduce((all, part) => all | Number(part[at]), 0)) >>> 0;
      const prot = sum(0), flags = sum(1), wanted = refused ? "EACCES" : sum(2);
      // To draw takes longer than to compare.
      const answer = ask(flags, prot);
      if (answer === wanted) continue;
      const hint = answer === "EACCES"
        ? "it is refused, and every permission that was asked for has its VM_MAY bit: what else do you check?"
        : wanted === "EACCES"
        ? "a permission was asked for whose VM_MAY bit is missing, and it is not refused"
        : "look at the first row that differs: who asked for that?";
      gives(flags, prot, text(wanted), hint);
    }
  });

  return test;
};

/** What the language throws at a mistake. */
const CRASHES: readonly unknown[] = [TypeError, RangeError, ReferenceError, SyntaxError];

/** What was thrown, also where it is a class of the reader's own that is called Error, or Errno. */
function nameOf(thrown: unknown): string {
  if (Object(thrown) !== thrown) return String(thrown);
  const { message, constructor } = thrown as Error;
  const own = thrown instanceof Error ? "" : ", a class of your own and no Error";
  return `${constructor?.name ?? "an object"}${message ? `: ${message}` : ""}${own}`;
}

/** The permissions: the bit of mprotect, the flag, and the flag that allows it. */
const PERMISSIONS = [
  [PROT_READ, VM_READ, VM_MAYREAD, "r"],
  [PROT_WRITE, VM_WRITE, VM_MAYWRITE, "w"],
  [PROT_EXEC, VM_EXEC, VM_MAYEXEC, "x"],
] as const;

const OTHERS: readonly [number, string][] = [
  [VM_SHARED, "SHARED"],
  [VM_MAYSHARE, "MAYSHARE"],
  [VM_GROWSDOWN, "GROWSDOWN"],
  [VM_PFNMAP, "PFNMAP"],
  [VM_LOCKED, "LOCKED"],
  [VM_IO, "IO"],
  [VM_DONTCOPY, "DONTCOPY"],
  [VM_DONTEXPAND, "DONTEXPAND"],
  [VM_ACCOUNT, "ACCOUNT"],
  [VM_WIPEONFORK, "WIPEONFORK"],
  [VM_COPYONFORK, "COPYONFORK"],
];

/** Bits of `prot` without a meaning: not the lowest four, not PROT_GROWSDOWN and PROT_GROWSUP, not PROT_DONTCOPY. */
const UNKNOWN = Array.from({ length: 32 }, (_, i) => i)
  .filter((i) => i > 3 && (i < 24 || i > 26)).map((i) => 2 ** i);

/** Flags that nothing here has a name for, but for the highest, which has a test of its own. */
const NAMELESS = Array.from({ length: 31 }, (_, i) => 2 ** i)
  .filter((bit) => bit > 0xff && OTHERS.every(([named]) => named !== bit))
  .reduce((sum, bit) => sum + bit, 0);

/** A part of a request, the flags that it is about, and what they are then. */
type Part = readonly [prot: number, flags: number, then: number | "EACCES"];

/** Whatever a mapping may have and a request may ask for: each choice of a part in each row is tried. */
const CASES: Record<string, readonly Part[]> = {
  ...Object.fromEntries(PERMISSIONS.map(([bit, allowed, may, letter]) => [letter, [
    [0, 0, 0],
    [0, may, may],
    [0, allowed, 0],
    [0, allowed | may, may],
    [bit, 0, "EACCES"],
    [bit, may, allowed | may],
    [bit, allowed, "EACCES"],
    [bit, allowed | may, allowed | may],
  ]])),
  mark: [
    [0, 0, 0],
    [0, VM_DONTCOPY, 0],
    [PROT_DONTCOPY, 0, VM_DONTCOPY],
    [PROT_DONTCOPY, VM_DONTCOPY, VM_DONTCOPY],
  ],
  known: [[0, 0, 0], [PROT_SEM, 0, 0]],
  besides: [
    ...[0, VM_SHARED | VM_MAYSHARE | VM_LOCKED, VM_IO | VM_PFNMAP | VM_DONTEXPAND],
    ...[VM_GROWSDOWN | VM_WIPEONFORK, VM_COPYONFORK, VM_ACCOUNT, NAMELESS, VM_MERGEABLE],
  ].map((flags) => [0, flags, flags]),
};

/** An answer as rows. */
const text = (answer: number | string) => typeof answer === "number" ? drawn(answer) : answer;

/** Flags in two rows or three: what is allowed, what may be, and what the mapping is besides. */
function drawn(flags: number): string {
  const letters = (at: 1 | 2) => PERMISSIONS.map((row) => flags & row[at] ? row[3] : "-").join("");
  const named = PERMISSIONS.reduce((sum, [, allowed, may]) => sum | allowed | may, 0);
  const also = OTHERS.flatMap(([bit, name]) => flags & bit ? [name] : []);
  const nameless = flags & ~OTHERS.reduce((sum, [bit]) => sum | bit, named);
  if (nameless) also.push(hex(nameless));
  return [
    `allows     ${letters(1)}`,
    `may allow  ${letters(2)}`,
    ...also.length ? [`also       ${also.join("  ")}`] : [],
  ].join("\n");
}

const BITS: readonly [number, string][] = [
  [PROT_READ, "PROT_READ"],
  [PROT_WRITE, "PROT_WRITE"],
  [PROT_EXEC, "PROT_EXEC"],
  [PROT_SEM, "PROT_SEM"],
  [PROT_DONTCOPY, "PROT_DONTCOPY"],
];

/** The request as the reader would write it, with the flags spelled out. */
function asked(flags: number, prot: number): string[] {
  const names = BITS.flatMap(([bit, name]) => prot & bit ? [name] : []);
  const rest = BITS.reduce((left, [bit]) => left & ~bit, prot);
  if (rest) names.push(hex(rest));
  if (prot === PROT_NONE) names.push("PROT_NONE");
  return [
    `newFlags(${hex(flags)}, ${names.join(" | ")})`,
    ...drawn(flags).split("\n").map((row) => `  ${row}`),
  ];
}

/** A number of 32 bits, whose highest may have made it negative. */
function hex(bits: number): string {
  return `0x${(bits >>> 0).toString(16)}`;
}
