// `deno task chapter SLUG --step`: a chapter's films, or one cell's, on this terminal.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { say, terminalColumns } from "../tool/terminal.ts";
import { filmsIn } from "./films.ts";
import { cellName, cellsOf, type Chapter } from "./markdown.ts";
import type { Run } from "./run.ts";
import { filmLines, walk, withKeys } from "./walk.ts";

/**
 * Shows the films of a chapter that was run, one after the other.
 *
 * @param wanted the id or the number of a cell; "" for all films
 * @returns the exit status, 130 after Ctrl-C
 */
export async function showFilms(chapter: Chapter, run: Run, wanted: string): Promise<number> {
  const { path } = chapter;
  const shown = cellsOf(chapter).flatMap((cell) => {
    const result = run.cells.find(({ index }) => index === cell.index);
    return result ? filmsIn(result).map((film) => ({ cell, film })) : [];
  });
  const names = ({ cell: { index, marks } }: typeof shown[number]) =>
    [marks.id, String(index + 1)].filter((name) => name !== undefined);
  const films = wanted ? shown.filter((one) => names(one).includes(wanted)) : shown;
  if (films.length === 0) {
    if (run.problem) return 0; // which says why there is none
    const known = shown.map((one) => names(one)[0]!);
    throw new Problem(wanted ? `no cell \`${wanted}\` shows a film` : "no cell shows a film", {
      path,
      remedy: known.length > 0
        ? didYouMean(wanted ?? "", known, undefined, `There are films in: ${known.join(", ")}`)
        : "A film is a cell that is marked ```ts steps and shows steps(m.trace)",
    });
  }
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    for (const [at, { cell, film }] of films.entries()) {
      say(...at > 0 ? [""] : [], ...filmLines(film, cellName(cell), terminalColumns()));
    }
    return 0;
  }
  return await withKeys(async (typed) => {
    const screen = { columns: terminalColumns, rows: () => Deno.consoleSize().rows, say, typed };
    for (const { cell, film } of films) {
      const end = await walk(film, cellName(cell), screen);
      if (end === "interrupted") return 130;
      if (end === "left") return 0;
    }
    return 0;
  });
}
