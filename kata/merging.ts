// Questions about what KSM merges: pages of any look with any counts, and what may be done to them, without a machine, which
// would find most of them impossible. As expect.ts, for every host.

import { type Era, type Frame, type KsmKernel, type KsmPage, PAGE_SIZE, type Pte } from "sim";
import { anyLook, anySpace, frameText, type Question } from "./questions.ts";

/** What merges pages. */
type Merger = Pick<Era, "ksmMergeTwo" | "ksmMergeWith">;
type Dice = (below: number) => number;

/** Who maps a frame, and who has it beside its mappings and the swap cache. */
interface Counts {
  readonly mapcount: number;
  readonly foreign: number;
}

/** The page of the two that a question is about, and its counts. */
interface About extends Partial<Counts> {
  /** 0 for the page, 1 for the other. */
  readonly which: number;
}

/** Asks about two pages, of which one is special, or about a page and a merged frame. */
export function asksTwo(
  kata: Merger,
  next: Dice,
  { which, mapcount = 1, foreign = 0 }: About,
): Question {
  const special = place(next, 1 + next(1 << 20), { mapcount, foreign });
  const plain = place(next, special.frame.pfn + 1 + next(9), { mapcount: 1 + next(3), foreign: 0 });
  const [page, twin] = which === 0 ? [special, plain] : [plain, special];
  return {
    asked: () => [
      `ksmMergeTwo() of the page ${placeText(page)}`,
      `  and its twin ${placeText(twin)}`,
    ],
    ask() {
      const world = new World([page, twin]);
      kata.ksmMergeTwo(world.kernel, world.page(0), world.page(1));
      return world.now();
    },
    wanted: foreign === 0 ? ONE : OWN,
  };
}

/** Asks about a page, and a frame that is merged already; `which` is 1 where that is the one that is special. */
export function asksWith(
  kata: Merger,
  next: Dice,
  { which, mapcount = 1, foreign = 0 }: About,
): Question {
  const counts = [{ mapcount, foreign }, { mapcount: 1 + next(3), foreign: 0 }];
  const page = place(next, 1 + next(1 << 20), counts[which]!);
  const other = place(next, page.frame.pfn + 1 + next(9), counts[1 - which]!);
  const merged = {
    ...other,
    frame: { ...other.frame, ...MERGED },
    pte: { ...other.pte, writable: false },
  };
  return {
    asked: () => [
      `ksmMergeWith() of the page ${placeText(page)}`,
      `  and a merged frame, ${frameText(merged.frame)}`,
    ],
    ask() {
      const world = new World([page, merged]);
      kata.ksmMergeWith(world.kernel, world.page(0), world.kernel.frame(world.page(1)));
      return world.now();
    },
    wanted: which === 1 || foreign === 0 ? ONE : OWN,
  };
}

/** What a merged frame is. */
const MERGED = { kind: "ksm", anonExclusive: false } as const;
/** What comes of it. */
const ONE = "one merged frame", OWN = "as they were";

/** A page somewhere, its entry and its frame. */
interface Place {
  readonly page: KsmPage;
  readonly frame: Frame;
  readonly pte: Pte;
}

/** A page of any look. Where somebody refers to it, it is marked: of what has no mark, either answer is right. */
function place(next: Dice, pfn: number, { mapcount, foreign }: Counts): Place {
  const look = anyLook(next);
  const anonExclusive = foreign > 0 || mapcount === 1 && next(2) === 0;
  const refcount = mapcount + (look.swap ? 1 : 0) + foreign;
  const frame: Frame = { ...look, kind: "anon", pfn, mapcount, refcount, anonExclusive };
  const pte = { pfn, writable: anonExclusive && next(2) === 0, dirty: next(2) === 0 };
  const mm = anySpace(next, pfn), vpn = 1 + next(1 << 20);
  return { page: { mm: { ...mm, ptes: new Map([...mm.ptes, [vpn, pte]]) }, vpn }, frame, pte };
}

function placeText({ page, pte, frame }: Place): string {
  const entry = `${pte.writable ? "writable" : "read-only"}, ${pte.dirty ? "dirty" : "clean"}`;
  return `0x${(page.vpn * PAGE_SIZE).toString(16)} of mm ${page.mm.id}: ${entry}, ${
    frameText(frame)
  }`;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Pages, and what may be done to them, without a machine that would find such counts impossible. */
class World {
  readonly #places: readonly Place[];
  readonly #frames: Map<number, Mutable<Frame>>;
  readonly #ptes: Mutable<Pte>[];
  readonly kernel: KsmKernel;

  constructor(places: readonly Place[]) {
    this.#places = places;
    this.#frames = new Map(places.map(({ frame }) => [frame.pfn, { ...frame }]));
    this.#ptes = places.map(({ pte }) => ({ ...pte }));
    const pte = (page: KsmPage) => this.#ptes[places.findIndex((one) => one.page === page)]!;
    const frame = (page: KsmPage) => this.#frames.get(pte(page).pfn)!;
    this.kernel = Object.freeze<KsmKernel>({
      frame: (page) => seen(frame(page)),
      pte: (page) => seen(pte(page)),
      leaves() {},
      unmarks: (page) => void (frame(page).anonExclusive = false),
      protects: (page) => void Object.assign(pte(page), { writable: false, dirty: false }),
      makesKsm: (page) => void Object.assign(frame(page), { kind: "ksm", dirty: true }),
      maps: (page, { pfn }) => this.#maps(pte(page), pfn),
      breaks: (page) => {
        const merged = frame(page), own = 1 + Math.max(...this.#frames.keys());
        if (merged.kind !== "ksm") return;
        const born = { refcount: 0, mapcount: 0, swap: 0, anonExclusive: true } as const;
        this.#frames.set(own, { ...merged, kind: "anon", pfn: own, ...born });
        this.#maps(pte(page), own);
      },
    });
  }

  page(i: number): KsmPage {
    return this.#places[i]!.page;
  }

  /** What has become of the two pages, in words. */
  now(): string {
    const [one, other] = this.#ptes.map(({ pfn }) => this.#frames.get(pfn)!);
    if (one === other) {
      const wrong = [
        ...one!.kind === "ksm" ? [] : ["which is not KSM's"],
        ...one!.anonExclusive ? ["which is marked"] : [],
        ...this.#ptes.some(({ writable }) => writable) ? ["which can be written to"] : [],
      ];
      return wrong.length === 0 ? ONE : `one frame, ${wrong.join(", ")}`;
    }
    const changed = this.#places.some(({ frame }, i) => {
      const now = this.#frames.get(this.#ptes[i]!.pfn)!;
      if (now.kind !== frame.kind) return true;
      // One that was broken up again has a frame of its own, marked.
      return now.pfn === frame.pfn && now.anonExclusive !== frame.anonExclusive;
    });
    return changed ? "two frames, and not as they were" : OWN;
  }

  #maps(pte: Mutable<Pte>, pfn: number): void {
    const old = this.#frames.get(pte.pfn)!, frame = this.#frames.get(pfn)!;
    old.mapcount--;
    old.refcount--;
    frame.mapcount++;
    frame.refcount++;
    Object.assign(pte, { pfn, writable: false, dirty: false });
  }
}

/** A thing as it is at every moment, to be read. */
function seen<T extends object>(thing: T): Readonly<T> {
  const read = Object.keys(thing).map((key) =>
    [key, { enumerable: true, get: () => thing[key as keyof T] }] as const
  );
  return Object.freeze(Object.defineProperties({}, Object.fromEntries(read))) as T;
}
