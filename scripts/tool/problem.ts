// A mistake that a person can mend: what happened, where, what to do. Tasks throw it, `main` prints it without a stack.

/** Where a problem is and what to do about it; `line` and `column` count from 1. */
export interface Place {
  path?: string;
  line?: number;
  column?: number;
  /** What to do, a sentence or a command a line. */
  remedy?: string;
}

/** An error of the user's or the author's, told as `path:line:column: error: message` with the remedy indented below. */
export class Problem extends Error {
  override name = "Problem";
  readonly place: Place;

  constructor(message: string, place: Place = {}) {
    super(message);
    this.place = place;
  }

  /** The first line names the place, so that an editor can jump there. */
  override toString(): string {
    const { path, line, column, remedy } = this.place;
    const where = [path, path && line, path && line && column].filter((part) => part).join(":");
    const head = `${where ? `${where}: ` : ""}error: ${this.message}`;
    return [head, ...(remedy?.split("\n") ?? []).map((text) => `  ${text}`)].join("\n");
  }
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
    if (!(error instanceof Problem)) throw error;
    console.error(String(error));
    Deno.exit(1);
  }
}
