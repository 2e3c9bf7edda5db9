// What the compiler says: `deno check`, read back as problems at path:line:column. It takes ten times as long as a run, so
// it is never waited for before a verdict.

import { fromFileUrl, relative } from "@std/path";
import { deno } from "./limited.ts";
import { type Place, Problem } from "./problem.ts";

/** Type-checks files; none are fine. `signal` ends the compiler, and the answer is then worthless. */
export async function typeProblems(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Problem[]> {
  if (paths.length === 0) return [];
  return typeErrors(await deno(["check", "--quiet", ...paths], { signal }), { path: paths[0] });
}

/**
 * Reads the compiler's report. An error is `TS2322 [ERROR]: message`, a line of source, a line of tildes and
 * `at file:line:column`; what belongs to it is indented. What does not parse is `error: message`, with its place behind.
 *
 * @param otherwise where to say so if the compiler does not say where
 */
export function typeErrors(
  { code, stderr }: { code: number; stderr: string },
  otherwise: Place = {},
): Problem[] {
  if (code === 0) return [];
  const errors = stderr.replace(/^(?:Found \d+ errors|error: Type)[^]*/m, "")
    .split(/^(?=TS\d+ \[ERROR\]: |error: )/m)
    .filter((text) => /^(?:TS|error: )/.test(text));
  if (errors.length === 0) {
    return [new Problem("deno check failed", { ...otherwise, remedy: stderr.trim() })];
  }
  return errors.map((error) => {
    const [, number, said = ""] = error.match(/^(?:(TS\d+) \[ERROR\]|error): ([^]*)/) ?? [];
    const [before = said, path, line, column] = said.split(/^ +at (\S+):(\d+):(\d+)$/m, 4);
    const after = said.slice(said.indexOf("\n\n") < 0 ? said.length : said.indexOf("\n\n"));
    const [message = "", ...more] = before.trimEnd().split("\n");
    const remedy = [...more, ...after.split("\n").map((text) => text.trimEnd())]
      .filter((text) => text !== "").join("\n");
    return new Problem([number, message].filter(Boolean).join(": "), {
      ...path ? { path: shown(path), line: Number(line), column: Number(column) } : otherwise,
      ...remedy && { remedy },
    });
  });
}

const shown = (path: string): string =>
  path.startsWith("file:") ? relative(Deno.cwd(), fromFileUrl(path)) : path;
