// What the compiler says about files: `deno check`, read back as problems at path:line:column. It takes ten times as
// long as a run, so it is never waited for before a verdict.

import { fromFileUrl, relative } from "@std/path";
import { Problem } from "../tool/problem.ts";

/** Type-checks files; none are fine. `signal` ends the compiler, and the answer is then worthless. */
export async function typeProblems(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Problem[]> {
  if (paths.length === 0) return [];
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["check", "--quiet", ...paths],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    ...signal && { signal },
  }).output();
  return success ? [] : problemsOf(new TextDecoder().decode(stderr), paths[0]!);
}

/** Reads the compiler's report: paragraphs that open with the error and end with its place. */
export function problemsOf(report: string, fallback: string): Problem[] {
  const problems = report.split("\n\n").flatMap((paragraph) => {
    const message = paragraph.match(/^(?:(TS\d+) \[ERROR\]|error): (.+)/);
    const place = paragraph.match(/^ +at (file:\S+):(\d+):(\d+)$/m);
    if (!message || !place) return [];
    return new Problem([message[1], message[2]].filter(Boolean).join(" "), {
      path: relative(Deno.cwd(), fromFileUrl(place[1]!)),
      line: Number(place[2]),
      column: Number(place[3]),
    });
  });
  if (problems.length > 0) return problems;
  const first = report.split("\n").find((line) => line.trim() !== "");
  return [new Problem(first ?? "deno check failed and did not say why", { path: fallback })];
}
