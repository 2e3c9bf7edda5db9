// Files as a person names them, who does not stand where the task runs.

import { isAbsolute, join } from "@std/path";
import { textAt } from "./files.ts";
import { Problem } from "./problem.ts";

/** A path that a person means. */
export function fromHere(path: string): string {
  return isAbsolute(path) ? path : join(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/** The text of a file that a person names. @throws Problem when it cannot be read */
export async function readFrom(path: string): Promise<string> {
  try {
    return await textAt(fromHere(path), path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Problem("there is no such file", { path });
  }
}
