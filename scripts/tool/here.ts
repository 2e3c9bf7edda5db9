// Files as a person names them, who does not stand where the task runs.

import { isAbsolute, join } from "@std/path";
import { Problem } from "./problem.ts";

/** A path that a person means. */
export function fromHere(path: string): string {
  return isAbsolute(path) ? path : join(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/** The text of a file that a person names. @throws Problem when it cannot be read */
export async function readFrom(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(fromHere(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Problem("there is no such file", { path });
    if (error instanceof Deno.errors.IsADirectory) throw new Problem("this is a folder", { path });
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new Problem("you may not read this file", { path });
  }
}
