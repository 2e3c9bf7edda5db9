// Every chapter on every kernel: which cells come out otherwise than the chapter has them, and how. What was found is kept
// below .woven/, under the hash of the chapter and of all that it runs on.

import { fromFileUrl } from "@std/path";
import { eras, releases } from "../../sim/mod.ts";
import { filesBelow, hashOf, ownFolder, replaceFile } from "../tool/files.ts";
import { sideBySide } from "../tool/pool.ts";
import { supervise } from "../tool/supervise.ts";
import type { Beside } from "./beside.ts";
import type { Told } from "./beside_child.ts";
import { cellsOf, type Chapter, type Module } from "./chapter.ts";
import { root } from "./files.ts";
import { prepare } from "./modules.ts";
import { flags } from "./run.ts";

/** How the cells of a chapter come out on other kernels. */
export interface Elsewhere {
  /** The cells in which a machine works by the rules of the chapter's kernel. */
  works: ReadonlySet<number>;
  /** By the kernel's name: cells that are missing come out the same. */
  on: ReadonlyMap<string, ReadonlyMap<number, Beside>>;
}

/** The eras, and the releases that were looked at: what every cell is compared on. */
export const compared: readonly string[] = [
  ...eras.map(({ name }) => name),
  ...releases.map(({ release }) => release),
];

/** How the cells of chapters come out on these kernels, by the chapter's slug. A kernel that a chapter hangs on is missing. */
export async function besideChapters(
  chapters: readonly Chapter[],
  kernels: readonly string[] = compared,
): Promise<Map<string, Elsewhere>> {
  const [{ modules }, code] = await Promise.all([prepare(chapters), codeHash()]);
  const found = await sideBySide(modules, async (module) => {
    const all = await known(module, kernels, code);
    const works = new Set(all.flatMap((one) => "works" in one ? one.works : []));
    const on = all.flatMap((one) =>
      "works" in one ? [] : [[one.kernel, new Map(one.cells)] as const]
    );
    return [module.chapter.slug, { works, on: new Map(on) }] as const;
  });
  return new Map(found);
}

/** What runs a chapter, and what compares: the machine and the notebook, with what they print through. */
async function codeHash(): Promise<string> {
  const below = (folder: string) =>
    filesBelow(
      fromFileUrl(new URL(folder, root)),
      (path) => !/_test\.ts$|\.(?:jsonl|md)$/.test(path),
    );
  const paths = (await Promise.all(["sim", "scripts/notebook"].map(below))).flat();
  const printable = fromFileUrl(new URL("scripts/tool/printable.ts", root));
  return hashOf(await Promise.all([...paths, printable].map((path) => Deno.readTextFile(path))));
}

const folder = new URL(".woven/beside/", root);

/** What was found before, or is found now. */
async function known(
  module: Module,
  kernels: readonly string[],
  code: string,
): Promise<Told[]> {
  const { chapter } = module, { slug, front } = chapter;
  const cells = cellsOf(chapter).map(({ code, marks }) => [code, marks]);
  const hash = hashOf(JSON.stringify([code, front.kernel, compared, cells]));
  const file = new URL(`${slug}.${hash}.json`, folder);
  const text = kernels.every((kernel) => compared.includes(kernel))
    ? await Deno.readTextFile(file).catch(() => undefined) // something else may be in its place
    : undefined;
  if (text !== undefined) {
    const all: Told[] = JSON.parse(text);
    return all.filter((one) => "works" in one || kernels.includes(one.kernel));
  }
  const { all, whole } = await find(module, kernels);
  // A machine that was too busy is no property of the chapter; and where nothing can be written, it is found each time.
  if (whole && kernels === compared) await keep(slug, file, JSON.stringify(all)).catch(() => {});
  return all;
}

/** Writes a file instead of what was known of the chapter as it was before. */
async function keep(slug: string, file: URL, text: string): Promise<void> {
  await ownFolder(".woven/beside", fromFileUrl(root));
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith(`${slug}.`)) await Deno.remove(new URL(name, folder)).catch(() => {});
  }
  await replaceFile(file, text);
}

/** Runs the chapter under all these kernels, in one child. */
async function find(
  { url, chapter }: Module,
  kernels: readonly string[],
): Promise<{ all: Told[]; whole: boolean }> {
  const text = JSON.stringify, separator = url.startsWith("data:") ? "#" : "?";
  // A module is evaluated once for each address. Written out they are allowed to be read, put together they are not.
  const loads = ["own", ...kernels].map((_, nth) => `() => import(${text(url + separator + nth)})`);
  const { reports, status, stopped } = await supervise<Told>({
    ...{ flags, cwd: root, reportsAlone: true },
    limits: { cpuSeconds: 10 + 5 * kernels.length, silentMs: 120_000, memoryMb: 900 },
    program: (mark) =>
      `import { besideChild } from "./scripts/notebook/beside_child.ts";
await besideChild(${text(mark)}, ${text(chapter.front.kernel)}, ${text(kernels)}, [${loads}]);
`,
  });
  return { all: reports, whole: !stopped && status === 0 && reports.length === kernels.length + 1 };
}
