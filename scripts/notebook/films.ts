// Films: the cells that are marked `steps`, and only those, show one. `task chapter SLUG --step` goes through it in the
// terminal, one picture at a time: Enter and the arrow keys, q leaves. Where keys cannot be read all pictures stand one under
// the other.

import * as colors from "@std/fmt/colors";
import { didYouMean } from "../tool/nearest.ts";
import {
  canAsk,
  type End,
  FORWARD,
  INTERRUPT,
  keysIn,
  LEAVE,
  type Screen,
  withScreen,
} from "../tool/keys.ts";
import { Problem } from "../tool/problem.ts";
import { say, terminalColumns } from "../tool/terminal.ts";
import { fold, painted, wrap } from "../tool/text.ts";
import type { CellResult, Item } from "./harness.ts";
import { cellName, cellsOf, type Chapter, type Run } from "./chapter.ts";

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
  if (!canAsk()) {
    for (const [at, { cell, film }] of films.entries()) {
      say(...at > 0 ? [""] : [], ...filmLines(film, cellName(cell), terminalColumns()));
    }
    return 0;
  }
  return await withScreen(async (screen) => {
    for (const { cell, film } of films) {
      const end = await walk(film, cellName(cell), screen);
      if (end === "interrupted") return 130;
      if (end === "left") return 0;
    }
    return 0;
  });
}

const back = ["\x1b[D", "\x1b[A", "\x7f"];

/**
 * Shows a film picture by picture, each in the place of the one before where the terminal is high enough.
 *
 * @returns whether the reader went past the last picture, left before, or pressed Ctrl-C
 */
export async function walk(
  { steps }: Film,
  name: string,
  screen: Screen,
): Promise<End> {
  let drawn = 0;
  let at = 0;
  const draw = () => {
    const { operation, reasons, text } = steps[at]!;
    const columns = screen.columns();
    const folded = (text: string, paint?: (text: string) => string) =>
      text.split("\n").flatMap((text) => fold([{ text, ...(paint && { paint }) }], columns));
    const keys = at + 1 < steps.length
      ? "Enter → next, ← back, q leave"
      : "Enter end, ← back, q leave";
    const lines = [
      ...wrap(
        [{ text: `${name}: picture ${at + 1} of ${steps.length}`, paint: colors.bold }],
        columns,
      ),
      ...folded(operation),
      ...reasons.flatMap((reason) => folded(`  ${reason}`)),
      [],
      ...folded(text, colors.cyan),
      [],
      ...wrap([{ text: keys, paint: colors.dim }], columns),
    ].map(painted);
    // What has scrolled away cannot be drawn over: then the picture stands below.
    if (drawn > 0 && drawn < screen.rows()) screen.rubOut(drawn);
    screen.say(...lines);
    drawn = lines.length;
  };
  draw();
  for (;;) {
    const typed = await screen.typed();
    if (typed === undefined) return "left";
    for (const key of keysIn(typed)) {
      if (key === INTERRUPT) return "interrupted";
      if (LEAVE.includes(key)) return "left";
      if (FORWARD.includes(key) && at + 1 === steps.length) return "end";
      const next = FORWARD.includes(key) ? at + 1 : back.includes(key) ? Math.max(at - 1, 0) : at;
      if (next === at) continue;
      at = next;
      draw();
    }
  }
}

/** A film as text, all pictures. */
export function filmLines({ text, steps }: Film, name: string, columns: number): string[] {
  const head = `${name}: ${steps.length} pictures`;
  return [
    ...wrap([{ text: head, paint: colors.bold }], columns).map(painted),
    "",
    ...text.split("\n").flatMap((text) => fold([{ text }], columns).map(painted)),
  ];
}
