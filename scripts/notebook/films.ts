// Films: the cells that are marked `steps`, and only those, show one.

import { Problem } from "../tool/problem.ts";
import type { CellResult, Item } from "./harness.ts";
import { cellName, cellsOf, type Chapter } from "./markdown.ts";

/** Fewer pictures are no film. */
const shortest = 3;

/** A view that comes with its pictures. */
export type Film = Item & { kind: "view"; steps: NonNullable<(Item & { kind: "view" })["steps"]> };

/** The films among what a cell showed. */
export function filmsIn({ items }: CellResult): Film[] {
  return items.filter((item): item is Film => item.kind === "view" && item.steps !== undefined);
}

/** Each cell whose mark and whose films do not agree. */
export function filmProblems(chapter: Chapter, results: readonly CellResult[]): Problem[] {
  return results.flatMap((result) => {
    const cell = cellsOf(chapter)[result.index];
    if (!cell || result.error) return [];
    const films = filmsIn(result);
    const refuse = (message: string, remedy: string) => [
      new Problem(`${cellName(cell)} ${message}`, { path: chapter.path, line: cell.line, remedy }),
    ];
    if (!cell.marks.steps) {
      return films.length === 0
        ? []
        : refuse("shows a film and is not marked for it", "Mark it: ```ts steps");
    }
    if (films.length !== 1) {
      return refuse(
        `is marked \`steps\` and shows ${films.length === 0 ? "no film" : `${films.length} films`}`,
        "It shows one: show(steps(m.trace))",
      );
    }
    const pictures = new Set(films[0]!.steps.map(({ text }) => text)).size;
    return pictures >= shortest ? [] : refuse(
      `shows a film of ${pictures} picture${pictures === 1 ? "" : "s"}`,
      `A film has at least ${shortest} that differ; show(frames(m.state)) shows one`,
    );
  });
}
