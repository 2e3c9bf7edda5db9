// This module is browser compatible.
/**
 * The difference of two moments: which frames and slots came, went or changed.
 *
 * @module
 */

import type { State } from "../state.ts";
import { framesSvg, stackedSvg } from "./svg.ts";
import { framesText } from "./text.ts";
import type { View } from "./view.ts";

/** The lines of the picture that are not the same at both moments: `-` before, `+` after. */
export function difference(before: State, after: State): View {
  const old = rows(before), now = rows(after);
  const gone = old.filter((row) => !now.includes(row)),
    come = now.filter((row) => !old.includes(row));
  const changed = [...gone.map((row) => mark("-", row)), ...come.map((row) => mark("+", row))];
  const text = changed.sort(byName).join("\n") || "nothing changed";
  const svg = stackedSvg([
    { caption: "before", svg: framesSvg(before) },
    { caption: "after", svg: framesSvg(after) },
  ], text);
  return {
    toString: () => text,
    [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": svg }),
  };
}

/** The rows of a picture; a long list of owners goes on in lines that begin with blanks. */
function rows(state: State): string[] {
  return framesText(state).split(/\n(?! )/).map((row) => row.replaceAll(/ {2,}/g, "  "));
}

function mark(sign: string, row: string): string {
  return row.split("\n").map((line, at) => `${at === 0 ? sign : " "} ${line}`).join("\n");
}

/** The frames by number, the slots behind them; what went is listed before what came, and stays there. */
function byName(one: string, other: string): number {
  const name = (row: string) => row.match(/^. (\w+ +\d+)/)?.[1] ?? "";
  return name(one).localeCompare(name(other), "en", { numeric: true });
}
