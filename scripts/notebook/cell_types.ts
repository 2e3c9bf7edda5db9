// Whether the types of cells hold. What takes them off afterwards trusts that they do: where they do not, the rest may be
// another program.

import { deno } from "../tool/limited.ts";
import type { Problem } from "../tool/problem.ts";
import { typeErrors } from "../tool/types.ts";
import { chapterText } from "./addresses.ts";
import type { Chapter, Module } from "./chapter.ts";
import { root } from "./files.ts";
import { closed } from "./imports.ts";
import { prepare } from "./modules.ts";

/** Every type error of the chapters that may be loaded; run.ts names the others. */
export async function typeProblems(chapters: readonly Chapter[]): Promise<Problem[]> {
  const { modules, onDisk } = await prepare(chapters);
  if (modules.length === 0) return [];
  if (!onDisk) return (await Promise.all(modules.map(checkByStdin))).flat();
  const urls = modules.map(({ url }) => url);
  return readErrors(await deno(["check", ...closed, ...urls], { cwd: root }), modules);
}

/** Where nothing can be written: `deno check` takes no stdin, `deno run --check -` does; it ends at the first line. */
async function checkByStdin(module: Module): Promise<Problem[]> {
  const input = `${module.text}
function __chapter(
  _slug: string,
  _key: string,
): import("./scripts/notebook/harness.ts").Scope<import("./sim/mod.ts").Era> {
  return (globalThis as unknown as { Deno: { exit(status: number): never } }).Deno.exit(0);
}
`;
  const args = ["run", "--check", "--no-prompt", ...closed, "-"];
  const url = new URL("$deno$stdin.mts", root).href;
  return readErrors(await deno(args, { cwd: root, input }), [{ ...module, url }]);
}

function readErrors(
  { code, stderr }: { code: number; stderr: string },
  modules: readonly Module[],
): Problem[] {
  return typeErrors({ code, stderr: chapterText(stderr, modules) });
}
