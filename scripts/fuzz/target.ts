// What a mutated text is handed to, and what may come of it: it is read, or it is refused as somebody can mend it.

import process from "node:process";
import { firstHidden } from "../tool/printable.ts";
import { Problem } from "../tool/problem.ts";

/** Something that people write and a task reads. */
export interface Target {
  name: string;
  /** Where it stands; a place in it has a line that it has. */
  path: string;
  /** Texts as they should be. */
  bases: readonly string[];
  /** How much of all mutations it gets, beside the others. */
  weight: number;
  /** Reads a text in every way in which tasks do. @returns what it names as wrong @throws Problem where it refuses */
  read(text: string): Promise<readonly Problem[]> | readonly Problem[];
}

/** More processor time than this for one text is a loop, or as good as one, in milliseconds. */
const SPINS = 2_000;

/** What goes wrong with a text, or undefined: an error that nobody foresaw, a place that does not help, too much work. */
export async function faultOf(
  { path, read }: Pick<Target, "path" | "read">,
  text: string,
  spins = SPINS,
): Promise<string | undefined> {
  const before = cpu();
  let problems: readonly Problem[];
  try {
    problems = await read(text);
  } catch (error) {
    if (!(error instanceof Problem)) {
      return error instanceof Error ? `${error}\n${error.stack}` : `thrown: ${String(error)}`;
    }
    problems = [error];
  }
  const took = cpu() - before;
  if (took > spins) return `it took ${took} ms of processor time`;
  const last = text.split("\n").length;
  for (const problem of problems) {
    const { place } = problem, said = String(problem);
    if (firstHidden(said)) return `what is said of it hides something: ${JSON.stringify(said)}`;
    if (!place.path) return `no file is named: ${said}`;
    const inside = place.line !== undefined && place.line >= 1 && place.line <= last;
    if (place.path === path && !inside) return `line ${place.line} of ${last}: ${said}`;
  }
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
