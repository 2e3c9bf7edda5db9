// What TypeScript says about the cells, with the chapters' own lines.

import { type Place, Problem } from "../tool/problem.ts";
import { closed, deno } from "./deno.ts";
import { root } from "./files.ts";
import type { Chapter } from "./markdown.ts";
import { type Module, prepare } from "./modules.ts";
import { chapterText } from "./places.ts";

/** Every type error of the chapters that may be loaded; run.ts names the others. */
export async function typeProblems(chapters: readonly Chapter[]): Promise<Problem[]> {
  const { modules, onDisk } = await prepare(chapters);
  if (modules.length === 0) return [];
  if (!onDisk) return (await Promise.all(modules.map(checkByStdin))).flat();
  const urls = modules.map(({ url }) => url);
  return readErrors(await deno(["check", ...closed, ...urls]), modules);
}

/** Where nothing can be written: `deno check` takes no stdin, `deno run --check -` does; it ends at the first line. */
async function checkByStdin(module: Module): Promise<Problem[]> {
  const text = `${module.text}
function __chapter(
  _slug: string,
): import("./scripts/notebook/harness.ts").Scope<import("./sim/mod.ts").Era> {
  return (globalThis as unknown as { Deno: { exit(status: number): never } }).Deno.exit(0);
}
`;
  const said = await deno(["run", "--check", "--no-prompt", ...closed, "-"], text);
  return readErrors(said, [{ ...module, url: new URL("$deno$stdin.mts", root).href }]);
}

/** `TS2322 [ERROR]: message`, a line of source, a line of tildes, `at file:line:column`, what belongs to it indented. */
function readErrors(
  { code, stderr }: { code: number; stderr: string },
  modules: readonly Module[],
): Problem[] {
  if (code === 0) return [];
  const text = chapterText(stderr, modules).replace(/^(?:Found \d+ errors|error: Type)[^]*/m, "");
  const errors = text.split(/^(?=TS\d+ \[ERROR\]: )/m).slice(1);
  if (errors.length === 0) {
    return [new Problem("deno check failed", { remedy: chapterText(stderr, modules).trim() })];
  }
  return errors.map((error) => {
    const [, number, said = ""] = error.match(/^(TS\d+) \[ERROR\]: ([^]*)/) ?? [];
    const [before = said, path, line, column] = said.split(/^ {4}at (\S+):(\d+):(\d+)$/m, 4);
    const after = said.slice(said.indexOf("\n\n") < 0 ? said.length : said.indexOf("\n\n"));
    const [message = "", ...more] = before.trimEnd().split("\n");
    const place: Place = path ? { path, line: Number(line), column: Number(column) } : {};
    const remedy = [...more, ...after.split("\n").map((text) => text.trimEnd())]
      .filter((text) => text !== "").join("\n");
    return new Problem(`${number}: ${message}`, remedy ? { ...place, remedy } : place);
  });
}
