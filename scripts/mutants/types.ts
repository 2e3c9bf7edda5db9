// Which mutants are programs at all: a mutant that the compiler refuses is none, whoever would notice it. Many copies of
// the simulator, each with one mutant, are checked in one go, since a compiler takes longer to start than to check one.

import { Problem } from "../tool/problem.ts";
import { measured, share } from "../tool/measured.ts";
import { typeErrors } from "../tool/types.ts";
import { copyProject, mutated } from "./project.ts";
import { applied, type Mutant } from "./sites.ts";

/** What the compiler is given at a time, in lines: about half a gigabyte. */
const LINES = 80_000;

/** What is checked, and where. */
export interface Checking {
  /** A folder for the copies. */
  dir: string;
  sources: ReadonlyMap<string, string>;
  /** How many compilers may run at the same time. */
  jobs: number;
  progress: (text: string) => void;
}

/** The first `wanted` mutants that type-check, in the order given, and how many did not. */
export async function typed(
  mutants: readonly Mutant[],
  wanted: number,
  checking: Checking,
): Promise<{ sound: Mutant[]; refused: number; cpu: number }> {
  const { dir, sources, jobs, progress } = checking;
  const lines = [...sources.values()].reduce((sum, text) => sum + text.split("\n").length, 0);
  const most = Math.max(1, Math.min(Math.floor(LINES / lines), Math.ceil(wanted / jobs)));
  const copies = (path: string) => path.startsWith("sim/") && !path.endsWith("_test.ts");
  for (let i = 0; i < jobs; i++) {
    await copyProject(
      `${dir}/${i}`,
      sources,
      (path) => /^deno\.(?:json|lock)$|\.d\.ts$/.test(path),
    );
    for (let j = 0; j < most; j++) await copyProject(`${dir}/${i}/${j}`, sources, copies);
  }
  const own = await compile(`${dir}/0`, ["0/sim/mod.ts"]);
  if (own.refused.size > 0) {
    throw new Problem("the simulator does not type-check, without any mutant", {
      remedy: "deno check sim",
    });
  }
  let cpu = own.cpu, done = 0, refused = 0;
  const sound: Mutant[] = [];
  while (sound.length < wanted && done < mutants.length) {
    const batch = mutants.slice(done, done + wanted - sound.length);
    done += batch.length;
    const groups: Mutant[][] = [];
    // Every compiler gets about as much to do.
    const size = Math.min(most, Math.ceil(batch.length / jobs));
    for (let at = 0; at < batch.length; at += size) groups.push(batch.slice(at, at + size));
    const refusedOnes = new Set<Mutant>();
    let checked = done - batch.length;
    const folders = Array.from({ length: jobs }, (_, i) => `${dir}/${i}`);
    await share(groups, folders, async (group, folder) => {
      progress(`checking types: ${checked} of ${Math.max(wanted, done)}`);
      const result = await check(folder, sources, group);
      result.refused.forEach((mutant) => refusedOnes.add(mutant));
      cpu += result.cpu;
      checked += group.length;
    });
    refused += refusedOnes.size;
    sound.push(...batch.filter((mutant) => !refusedOnes.has(mutant)));
  }
  return { sound, refused, cpu };
}

async function check(
  dir: string,
  sources: ReadonlyMap<string, string>,
  group: readonly Mutant[],
): Promise<{ refused: Mutant[]; cpu: number }> {
  const inPlace = group.map((mutant, i) => ({ mutant, copy: { dir: `${dir}/${i}`, sources } }));
  for (const { mutant, copy } of inPlace) {
    await Deno.writeTextFile(
      `${copy.dir}/${mutant.path}`,
      applied(sources.get(mutant.path)!, mutant),
    );
  }
  const paths = group.flatMap(({ path }, i) => [`${i}/sim/mod.ts`, `${i}/${path}`]);
  const { refused, cpu } = await compile(dir, paths);
  for (const { mutant, copy } of inPlace) await mutated(copy, mutant, async () => {});
  return { refused: group.filter((_, i) => refused.has(i)), cpu };
}

/** The numbers of the copies in which the compiler finds an error. */
async function compile(
  dir: string,
  paths: readonly string[],
): Promise<{ refused: Set<number>; cpu: number }> {
  const { status: code, stderr, cpu } = await measured({
    cwd: dir,
    args: ["deno", "check", "--quiet", ...paths],
  });
  const errors = typeErrors({ code, stderr });
  const copies = errors.map(({ place }) => place.path?.match(/\/types\/\d+\/(\d+)\/sim\//)?.[1]);
  if (copies.every((number) => number !== undefined)) {
    return { refused: new Set(copies.map(Number)), cpu };
  }
  throw new Problem("the compiler says what cannot be understood", { remedy: stderr.trim() });
}
