/// <reference lib="dom" />
// What a reader made of the code of cells, kept in this browser: an edit, one that was taken back, one of a cell that the
// chapter has changed since.

/** What is kept of a cell. */
export interface Kept {
  /** The chapter's code when this was kept, and the reader's. */
  original: string;
  code: string;
  /** The edit that the last Reset took back. */
  undone?: string;
  /** An edit of a cell whose code in the chapter was another one. */
  earlier?: string;
}

const folder = (section: HTMLElement) =>
  `pinned/${section.closest<HTMLElement>("article")!.dataset.chapter}/`;
const place = (section: HTMLElement) => folder(section) + section.id;

/** Keeps what there is to keep. */
export function keep(section: HTMLElement, kept: Kept): void {
  const { original, code, undone, earlier } = kept;
  try {
    if (code === original && undone === undefined && earlier === undefined) {
      localStorage.removeItem(place(section));
    } else localStorage.setItem(place(section), JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing loses nothing but this.
  }
}

/**
 * What was kept of a chapter's cells, one for each or none. Cells without an id of their own are called by their number,
 * so an edit goes where its original stands now.
 */
export function recall(
  cells: readonly { section: HTMLElement; original: string }[],
): (Kept | undefined)[] {
  const all = cells[0] ? readAll(folder(cells[0].section)) : new Map<string, Kept>();
  return cells.map(({ section, original }) => {
    const own = all.get(section.id);
    const kept = own?.original === original
      ? own
      : [...all.values()].find((one) => one.original === original) ?? own;
    if (!kept || kept.original === original) return kept;
    if (cells.some((cell) => cell.original === kept.original)) return undefined;
    const { code, undone, earlier } = kept;
    const edit = code !== kept.original ? code : earlier ?? undone;
    return { original, code: original, ...edit !== undefined && { earlier: edit } };
  });
}

/** All that was kept of a chapter's cells, by their ids. */
function readAll(folder: string): Map<string, Kept> {
  const all = new Map<string, Kept>();
  try {
    for (const [place, value] of Object.entries(localStorage)) {
      const kept = place.startsWith(folder) && read(value);
      if (kept) all.set(place.slice(folder.length), kept);
    }
  } catch {
    // A browser that keeps nothing has nothing.
  }
  return all;
}

function read(value: string): Kept | undefined {
  try {
    const kept = JSON.parse(value);
    const texts = [kept.original, kept.code, kept.undone ?? "", kept.earlier ?? ""];
    return texts.every((text) => typeof text === "string") ? kept : undefined;
  } catch {
    return undefined; // what somebody else put there
  }
}
