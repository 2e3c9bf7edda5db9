// One page as its process sees it: a private copy, or what lies under it; for the oracle, which follows scenes.

/** One page of memory, held by a process, by an object or by a device. */
export interface Cell {
  /** What it may hold; undefined for anything. */
  values: number[] | undefined;
  /** Somebody may write there unseen, from a page of which nothing is known. */
  lost?: boolean;
}

/** A page of a process. */
export interface Page {
  readonly shared: boolean;
  /** What the object holds there; undefined for private anonymous memory, "beyond" for past the end of the file. */
  readonly under: Cell | "beyond" | undefined;
  /** The private copy. */
  own?: Cell;
  /** What the private copy holds, if there is one already. */
  maybe?: number[];
  /** MADV_FREE, and not written since. */
  lazy: boolean;
  protection: string;
  locked: boolean;
  dontfork: boolean;
  wipeonfork: boolean;
}

/** Does madvise refuse this page? */
export function refuses({ locked, shared, under }: Page, advice: string): boolean {
  switch (advice) {
    case "dontneed":
      return locked;
    case "free":
      return locked || shared || under !== undefined;
    case "wipeonfork":
      return shared || under !== undefined;
    default:
      return false;
  }
}

/** `mprotect` of one page. */
export function protect(page: Page, protection: string): void {
  // A locked page that may be written now is copied at once.
  if (page.locked && protection === "rw") mayOwn(page);
  page.protection = protection;
}

/** `madvise` of one page; `done` says whether the whole call was. */
export function advise(page: Page, advice: string, done: boolean): void {
  switch (advice) {
    case "dontneed":
      if (page.shared) return;
      page.own = page.maybe = undefined;
      page.lazy = false;
      return;
    case "free":
      page.lazy = page.own !== undefined;
      return;
    case "dontfork":
    case "dofork":
      page.dontfork = advice === "dontfork";
      return;
    case "wipeonfork":
    case "keeponfork":
      page.wipeonfork = advice === "wipeonfork";
      return;
    case "populate_write":
      if (done) ownOf(page);
      else mayOwn(page);
  }
}

/** What the process may see there. */
function valuesOf({ own, under, maybe = [], lazy }: Page): number[] | undefined {
  if (own) return own.values && (lazy ? [...own.values, 0] : own.values);
  if (under === "beyond") return undefined;
  if (!under) return [0];
  return under.values && [...under.values, ...maybe];
}

/** The process sees a value, and what is known of the page is narrowed to it. */
export function read(page: Page, answer: string): string | undefined {
  const { own, under, lazy, maybe } = page;
  const values = valuesOf(page), seen = Number(answer.match(/^=(\d+)/)?.[1]);
  if (values && !values.includes(seen)) return `=${[...new Set(values)].join(" or =")}`;
  if (own) {
    if (!lazy) store(own, seen);
    else if (own.values && !own.values.includes(seen)) {
      page.own = undefined; // it was dropped
      page.lazy = false;
    }
  } else if (maybe && under && under !== "beyond" && under.values) {
    if (!under.values.includes(seen)) page.own = { values: [seen] };
    if (!under.values.includes(seen) || !maybe.includes(seen)) page.maybe = undefined;
  }
}

/** The process, or the kernel for it, writes. */
export function write(page: Page, value: number): void {
  page.lazy = false;
  store(ownOf(page), value);
}

/** The cell that a write reaches: the object's, or the private copy, which is made if there is none. */
export function ownOf(page: Page): Cell {
  if (page.under === "beyond") return unknown();
  if (page.shared) return page.under!;
  if (page.own) return page.own;
  const cell = { values: valuesOf(page) };
  page.maybe = undefined;
  return page.own = cell;
}

/** The page may have been copied just now, and may not. */
export function mayOwn(page: Page): void {
  if (page.own || page.shared || !page.under || page.under === "beyond") return;
  page.maybe = [...page.maybe ?? [], ...page.under.values ?? []];
}

/** What a short-term pin for reading reaches; where there is no private copy, it may be what lies under it. */
export function seenBy(page: Page): Cell {
  if (page.shared) return page.under as Cell;
  return page.own ?? unknown();
}

/** A cell of which nothing is known. */
export const unknown = (): Cell => ({ values: undefined, lost: true });

/** Something is written there, whoever does it. */
export function store(cell: Cell, value: number): void {
  if (!cell.lost) cell.values = [value];
}

/** What the page reaches may be written by somebody whom nobody sees. */
export function lose({ own, shared, under }: Page): void {
  const cell = shared ? under : own;
  if (cell && cell !== "beyond") Object.assign(cell, { values: undefined, lost: true });
}

/** A device sees a value. */
export function observe(cell: Cell, answer: string): string | undefined {
  const seen = Number(answer.match(/^=(\d+)$/)?.[1]);
  if (cell.values && !cell.values.includes(seen)) return `=${cell.values.join(" or =")}`;
}
