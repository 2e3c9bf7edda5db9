// "Did you mean": the name that was most likely meant, for every task.

import { closestString } from "@std/text/closest-string";
import { Problem } from "./problem.ts";

/** No name is as long, and comparing takes the third power of the length. */
const LONGEST = 60;

/**
 * The name that was most likely meant: one that has what was typed in it, or else the nearest in spelling, where the
 * beginning of a name counts as the name. Undefined where none is near: a wrong guess is worse than none.
 */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > LONGEST) return undefined;
  const part = typed.length > 2 && names.find((name) => name.includes(typed));
  if (part) return part;
  const beginnings = names.map((name) => name.slice(0, typed.length));
  const most = Math.max(1, Math.floor(typed.length / 3));
  // Two letters that changed places are one mistake, and not two.
  const swapped = Array.from(
    typed.slice(1),
    (letter, i) => typed.slice(0, i) + letter + typed[i] + typed.slice(i + 2),
  );
  for (const [i, spelling] of [typed, ...swapped].entries()) {
    // One letter more is missing here than may be wrong: what is not nearer than this is not near.
    const far = spelling.slice(0, (i === 0 ? 0 : 1) - most - 1);
    const nearest = closestString(spelling, [far, ...names, ...beginnings]);
    const found = names.find((name) => name === nearest) ?? names[beginnings.indexOf(nearest)];
    if (found) return found;
  }
}

/** The remedy for a name that does not exist: the nearest one, or where none is near `otherwise`, by default all of them. */
export function didYouMean(
  typed: string,
  names: readonly string[],
  show: (name: string) => string = (name) => name,
  otherwise: string = `There are ${names.join(", ")}`,
): string {
  const near = nearestName(typed, names);
  return near === undefined ? otherwise : `Did you mean ${show(near)}?`;
}

/** What is wrong with a name that a person typed and that does not exist. */
export function noSuch(
  what: string,
  typed: string,
  names: readonly string[],
  otherwise?: string,
): Problem {
  const remedy = didYouMean(typed, names, undefined, otherwise);
  return new Problem(`there is no ${what} "${cut(typed)}"`, { remedy });
}

/** What was typed, as far as a message has room for it. */
export function cut(typed: string): string {
  return typed.length > LONGEST ? `${typed.slice(0, LONGEST)}…` : typed;
}
