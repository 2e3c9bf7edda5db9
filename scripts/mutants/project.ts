// Copies of the project in which mutants live, and the files that they are made from. The working tree is only read.

import { resolve, toFileUrl } from "@std/path";
import { copyFiles, filesBelow } from "../tool/files.ts";
import { applied, type Mutant, mutantsOf } from "./sites.ts";

/** A copy of the project; one mutant at a time is in it. */
export interface Copy {
  /** Its folder, an absolute path. */
  dir: string;
  /** The files of sim/ as they were when the copies were made. */
  sources: ReadonlyMap<string, string>;
}

/** What is made by tasks or belongs to a learner. */
const OTHERS =
  /^(?:\.git|\.woven|_site|\.progress\.json|kata\/\d\d-[^/]+\/attempt(?:\.\d+)?\.ts)$|(?:^|\/)node_modules$/;

/** The code of the simulator by path, without its tests and its scenes. */
export async function readSim(): Promise<Map<string, string>> {
  const paths = (await filesIn("sim")).filter((path) =>
    path.endsWith(".ts") && !path.endsWith("_test.ts") && !path.startsWith("sim/scenes/")
  );
  const sources = new Map<string, string>();
  for (const path of paths.sort()) sources.set(path, await Deno.readTextFile(path));
  return sources;
}

/** Every mutant of the simulator, file by file. */
export function allMutants(sources: ReadonlyMap<string, string>): Mutant[] {
  return [...sources].flatMap(([path, source]) => mutantsOf(path, source));
}

/** Copies the project, or only what is under the named folders, to `dir`. */
export async function copyProject(
  dir: string,
  sources: ReadonlyMap<string, string>,
  wanted: (path: string) => boolean = () => true,
): Promise<Copy> {
  // What was read stays as it was read.
  await copyFiles((await filesIn("")).filter(wanted), ".", dir, sources);
  return { dir: resolve(dir), sources };
}

/** Does some work while a mutant is in the copy. */
export async function mutated<T>(copy: Copy, mutant: Mutant, work: () => Promise<T>): Promise<T> {
  const source = copy.sources.get(mutant.path)!;
  await Deno.writeTextFile(`${copy.dir}/${mutant.path}`, applied(source, mutant));
  try {
    return await work();
  } finally {
    await Deno.writeTextFile(`${copy.dir}/${mutant.path}`, source);
  }
}

/** The address of a file of a copy. */
export function addressOf(copy: Copy, path: string): string {
  return toFileUrl(`${copy.dir}/${path}`).href;
}

/** The paths of a folder's files that are the project's, sorted. */
export function filesIn(folder: string): Promise<string[]> {
  return filesBelow(folder, (path) => !OTHERS.test(path));
}
