// `deno task bench`: what the simulator takes beside the running kernel, and the chapters beside `deno test --doc`. CPU
// time, user and system: wall time doubles on a busy machine. All figures are ratios within one run.

import { chapterLines } from "./bench/chapters.ts";
import { machineLines, type Repeats } from "./bench/machine.ts";
import { measureKernel } from "./bench/yardstick.ts";
import { ownFolder } from "./tool/files.ts";
import { oneOf, readArguments } from "./tool/args.ts";
import { main } from "./tool/problem.ts";
import { during, say, setUpColors } from "./tool/terminal.ts";

const help = `deno task bench             what both cost, as ratios within one run
deno task bench machine     the simulator beside the running kernel
deno task bench chapters    the chapters beside deno test --doc`;

/** What is measured, each with a folder for what it makes, and how often. */
const parts: Record<string, (dir: string, repeats?: Repeats) => Promise<string[]>> = {
  machine: async (dir, repeats) => {
    const yardstick = await during("the kernel", () => measureKernel(dir));
    // deno-lint-ignore require-await
    return await during("the simulator", async () => machineLines(yardstick, repeats));
  },
  chapters: chapterLines,
};

/** Runs the task; an aim that is not met is no error. `repeats` is for tests, to which the figures are nothing. */
export async function bench(args: string[], repeats?: Repeats): Promise<number> {
  setUpColors();
  const options = readArguments(args, { task: "bench", help });
  if (!options) return 0;
  const names = Object.keys(parts);
  const wanted = options.words.map((word) => oneOf("part", word, names));
  await ownFolder(".woven");
  const dir = await Deno.makeTempDir({ dir: ".woven", prefix: "bench " });
  const end = () => {
    Deno.removeSync(dir, { recursive: true });
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", end);
  try {
    for (const [name, lines] of Object.entries(parts)) {
      if (wanted.length === 0 || wanted.includes(name)) say(...await lines(dir, repeats));
    }
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    await Deno.remove(dir, { recursive: true });
  }
  return 0;
}

if (import.meta.main) await main(() => bench(Deno.args));
