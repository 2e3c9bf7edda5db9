// Loaded on the first run of an edited cell: takes the types off. It brings sucrase, so it comes no sooner.

import type { Segment } from "../../notebook/chapter.ts";
import { toClassic, weave } from "../../notebook/weave.ts";

/** A cell as it is in the page. */
export interface PageCell {
  code: string;
  /** The line of its opening fence in the text that runs. */
  line: number;
  ignore: boolean;
  throws: string | undefined;
  /** Whether it is not the chapter's own. */
  edited: boolean;
}

/** A line that does not parse, in a cell counted from 0. */
export interface Unreadable {
  cell: number;
  line: number;
  message: string;
}

/**
 * The cells as one classic function, as `toClassic()` makes it, or where they do not parse.
 * The `line` of each cell is set to where it went.
 */
export function strip(cells: PageCell[]): string | Unreadable {
  const unreadable = alone(cells);
  if (unreadable) return unreadable;
  let line = 2;
  const segments = cells.map(({ code, ignore, throws }, index): Segment => {
    const at = line;
    cells[index]!.line = at;
    line += code.split("\n").length + 1;
    const marks = { ...(ignore && { ignore: true as const }), ...(throws && { throws }) };
    return { kind: "cell", line: at, source: `\`\`\`ts\n${code}\`\`\`\n`, index, code, marks };
  });
  try {
    return toClassic(weave({ slug: "page", head: "\n", segments }, String(Math.random())));
  } catch (error) {
    const [, said, at] = /^(.*) \((\d+):\d+\)$/.exec((error as Error).message) ?? [];
    if (!said) throw error;
    const cell = cells.findLastIndex(({ line }) => line <= Number(at));
    return { cell, line: Number(at) - (cells[cell]?.line ?? 1), message: said };
  }
}

/** The first edited cell that does not parse by itself: one that opens a block and leaves it to the next to close it. */
function alone(cells: readonly PageCell[]): Unreadable | undefined {
  for (const [cell, { code, ignore, edited }] of cells.entries()) {
    if (ignore || !edited) continue;
    try {
      toClassic(code);
    } catch (error) {
      const [, message, at] = /^(.*) \((\d+):\d+\)$/.exec((error as Error).message) ?? [];
      // Where something is missing at its end, the next line is not the cell's any more.
      const last = code.trimEnd().split("\n").length;
      if (message) return { cell, line: Math.min(Number(at), last), message };
    }
  }
}
