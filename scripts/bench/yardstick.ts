// What the running kernel takes for what the simulator does: yardstick.c, built with the user's compiler and run once.

import { quietly } from "../tool/shell.ts";

/** Nanoseconds by the yardstick's names, or why there are none. */
export type Yardstick = { times: ReadonlyMap<string, number> } | { missing: string };

const source = "scripts/bench/yardstick.c";

/** Builds and runs the yardstick in a folder that the caller removes. CC names the compiler, as for make. */
export async function measureKernel(dir: string): Promise<Yardstick> {
  const { exitCode, stdout, stderr } = await quietly`cc=\${CC:-cc}
command -v "$cc" >/dev/null || { echo "there is no C compiler ($cc)" >&2; exit 1; }
"$cc" -O2 -o ${dir}/yardstick ${source}
${dir}/yardstick`;
  const times = parseYardstick(stdout);
  if (exitCode === 0 && times.size > 0) return { times };
  return { missing: stderr.trim().split("\n")[0] || `${source} ended with status ${exitCode}` };
}

/** Reads lines such as `cow_fault 1706.6`. */
export function parseYardstick(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+) (\d+\.\d+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
  );
}
