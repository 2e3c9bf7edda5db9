// `deno task bench`: what the simulator takes beside the running kernel, and the chapters beside `deno test --doc`. CPU
// time, user and system: wall time doubles on a busy machine. All figures are ratios within one run.

import { setColorEnabled } from "@std/fmt/colors";
import { chapterLines } from "./bench/chapters.ts";
import { machineLines, type Repeats } from "./bench/machine.ts";
import { measureKernel } from "./bench/yardstick.ts";
import { columns, helpLines } from "./kata/show.ts";
import { didYouMean } from "./tool/nearest.ts";
import { main, Problem } from "./tool/problem.ts";
import { during, say } from "./tool/terminal.ts";

const help =
  `deno task bench             what the machine and the chapters cost, as ratios within one run
deno task bench machine     the simulator beside the running kernel, for which it needs a C compiler
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
  setColorEnabled(!Deno.noColor && Deno.stdout.isTerminal());
  if (args.includes("--help") || args.includes("-h")) return say(...helpLines(help, columns())), 0;
  const unknown = args.find((arg) => !Object.hasOwn(parts, arg));
  if (unknown !== undefined) {
    const remedy = didYouMean(
      unknown,
      Object.keys(parts),
      (name) => name,
      "deno task bench --help",
    );
    throw new Problem(`"${unknown}" is not known`, { remedy });
  }
  await Deno.mkdir(".woven", { recursive: true });
  const dir = await Deno.makeTempDir({ dir: ".woven", prefix: "bench " });
  const end = () => {
    Deno.removeSync(dir, { recursive: true });
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", end);
  try {
    for (const [name, lines] of Object.entries(parts)) {
      if (args.length === 0 || args.includes(name)) say(...await lines(dir, repeats));
    }
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    await Deno.remove(dir, { recursive: true });
  }
  return 0;
}

if (import.meta.main) await main(() => bench(Deno.args));
