// A mistake that a person can mend: what happened, where, what to do. Tasks throw it, `main` prints it without a stack.

import { printable } from "./printable.ts";
import { complain } from "./terminal.ts";

/** Where a problem is and what to do about it; `line` and `column` count from 1. */
export interface Place {
  path?: string;
  line?: number;
  column?: number;
  /** What to do, a sentence or a command a line. */
  remedy?: string;
}

/**
 * An error of the user's or the author's, told as `path:line:column: error: message` with the remedy indented below.
 *
 * What it says may quote a file, a child or a name, in which anything can stand: it is spelled out where it cannot be seen.
 */
export class Problem extends Error {
  override name = "Problem";
  readonly place: Place;

  constructor(message: string, place: Place = {}) {
    super(printable(message));
    const { remedy } = place;
    this.place = remedy === undefined ? place : { ...place, remedy: printable(remedy) };
  }

  /** The first line names the place, so that an editor can jump there. */
  override toString(): string {
    const { path, line, column, remedy } = this.place;
    const where = [path, path && line, path && line && column].filter((part) => part).join(":");
    const head = `${where ? `${printable(where)}: ` : ""}error: ${this.message}`;
    return [head, ...(remedy?.split("\n") ?? []).map((text) => `  ${text}`)].join("\n");
  }
}

/** What the system says of a file, `Is a directory (os error 21): readfile 'kata'`. */
const OF_SYSTEM = /^(.*?) \(os error \d+\)(?:: (\w+) '(.*?)')?/s;

/** Where a call of the system failed, and why, as somebody is told who knows their files and not our code. */
export function systemProblem(error: unknown, path?: string): Problem | undefined {
  const [said, why, call, named] = error instanceof Error
    ? error.message.match(OF_SYSTEM) ?? []
    : [];
  if (said === undefined) return undefined;
  const at = path ?? named;
  return new Problem(`${why![0]!.toLowerCase()}${why!.slice(1)}`, {
    ...at && { path: at },
    remedy: `So the system says${call ? ` of ${call}` : ""}`,
  });
}

/**
 * Runs a task and turns its end into an exit status: 0 when it returns 0 or nothing, 1 after a {@linkcode Problem}.
 * A reader that closes the pipe (`deno task chapter | head`) ends the task quietly.
 */
export async function main(task: () => Promise<number | void>): Promise<never> {
  try {
    Deno.exit(await task() || 0);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    try {
      complain(told(error));
    } catch {
      // Nobody can be told anything.
    }
    Deno.exit(1);
  }
}

/** What to say of an error that ends a task; what nobody foresaw comes with its stack. */
function told(error: unknown): string {
  if (error instanceof Problem) return String(error);
  const problem = systemProblem(error);
  if (problem) return String(problem);
  return `this is a mistake in the project: ${error instanceof Error ? error.stack : error}`;
}
