// Which functions of the simulator a run called, from what Deno writes for each file of each process below
// DENO_COVERAGE_DIR. By name, since a process may have run a copy of the simulator that is gone by now.

import type { Mutant } from "./sites.ts";

/** The functions that were called, by the path of their file; a file that was only loaded has none. */
export type Called = ReadonlyMap<string, ReadonlySet<string>>;

/** What V8 says of a file; a function without a name is "", a getter "get name". */
interface Coverage {
  url: string;
  functions: { functionName: string; ranges: { count: number }[] }[];
}

/** Reads what a run left in a folder. */
export async function calledIn(dir: string): Promise<Called> {
  const called = new Map<string, Set<string>>();
  for await (const { name } of Deno.readDir(dir)) {
    const text = await Deno.readTextFile(`${dir}/${name}`);
    if (!text.includes("/sim/")) continue;
    const { url, functions } = JSON.parse(text) as Coverage;
    const path = url.match(/^file:.*\/(sim\/[^?]+)$/)?.[1];
    if (path === undefined) continue;
    const names = called.get(path) ?? new Set();
    called.set(path, names);
    for (const { functionName, ranges } of functions) {
      if (ranges.some(({ count }) => count > 0)) names.add(functionName.replace(/^[gs]et /, ""));
    }
  }
  return called;
}

/** Can a run have come to a mutant? What no call decides is decided when the file is loaded. */
export function reaches(called: Called, { path, inside, called: must }: Mutant): boolean {
  const names = called.get(path);
  return names !== undefined && (!must || names.has(inside));
}
