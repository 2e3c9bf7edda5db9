// Which of the project's files the site shows where a link leads to one: those that git tracks. What else lies in a
// checkout, a learner's attempts, notes and keys, is nobody's business, whatever a chapter links to.

import { fromFileUrl } from "@std/path";
import { root } from "../notebook/files.ts";
import { readOwn, realOwn } from "../tool/own.ts";
import { Problem } from "../tool/problem.ts";

/** What no checkout begins with, where there is no git to ask: hidden folders, and what the tasks and a learner make. */
const OURS = /^(?!_site\/|kata\/[^/]+\/attempt)(?:[^./][^/]*\/)*[^./][^/]*$/;

/** Reads files for readers: the text by a path from the root, or undefined where there is none that is shown. */
export async function publisher(): Promise<(path: string) => string | undefined> {
  const tracked = await trackedFiles();
  const shown = (path: string) => OURS.test(path) && (tracked?.has(path) ?? true);
  return (path) => {
    try {
      return shown(path) && shown(realOwn(path)) ? readOwn(path) : undefined;
    } catch (error) {
      if (error instanceof Problem || error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  };
}

/** What git tracks, by paths from the root; undefined without git, or where the project is not what the checkout is of. */
async function trackedFiles(): Promise<Set<string> | undefined> {
  // Whose checkout it is does not matter to a list of names, and nothing that the checkout configures runs for it.
  const settings = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"];
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...settings, "ls-files", "-z"],
      cwd: fromFileUrl(root),
      stderr: "null",
    }).output();
    const paths = new Set(new TextDecoder().decode(stdout).split("\0"));
    return success && paths.has("sim/mod.ts") ? paths : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
