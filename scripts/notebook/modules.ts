// Chapters as modules that Deno can load: woven, written to `.woven/`, asked what they would load, and whether their types
// hold.
//
// Where nothing can be written (a checkout on a read-only disk) a module is its own address, a data: URL.

import { fromFileUrl } from "@std/path";
import { Problem } from "../tool/problem.ts";
import { hashOf, replaceFile } from "../tool/files.ts";
import { deno } from "../tool/limited.ts";
import { typeErrors } from "../tool/types.ts";
import { root } from "./files.ts";
import type { Chapter, Module } from "./chapter.ts";
import { chapterText, dataUrl } from "./addresses.ts";
import { brokenCells, closed, graphProblems, refusedImports } from "./imports.ts";
import { weave } from "./woven.ts";

export interface Prepared {
  modules: Module[];
  /** Why the other chapters may not be loaded, by slug. */
  refused: Map<string, Problem[]>;
  /** Whether the modules are files. */
  onDisk: boolean;
}

const folder = new URL(".woven/", root);
const hour = 3_600_000;

/** One answer for one list of chapters: running and checking, side by side, need the same. */
const answers = new WeakMap<readonly Chapter[], Promise<Prepared>>();

/** Weaves the chapters and refuses those that would load anything but the simulator. */
export function prepare(chapters: readonly Chapter[]): Promise<Prepared> {
  const answer = answers.get(chapters) ?? prepareNew(chapters);
  answers.set(chapters, answer);
  return answer;
}

async function prepareNew(chapters: readonly Chapter[]): Promise<Prepared> {
  const refused = new Map<string, Problem[]>();
  const refuse = (chapter: Chapter, problems: Problem[]) => {
    if (problems.length > 0) refused.set(chapter.slug, problems);
    return problems.length === 0;
  };
  const woven = chapters
    .filter((chapter) => refuse(chapter, [...refusedImports(chapter), ...brokenCells(chapter)]))
    .map((chapter) => ({ chapter, text: weave(chapter) }));
  const { modules, onDisk } = await write(woven);
  const loads = await graphProblems(modules);
  return {
    modules: modules.filter(({ chapter }) => refuse(chapter, loads.get(chapter.slug) ?? [])),
    refused,
    onDisk,
  };
}

async function write(
  woven: readonly { chapter: Chapter; text: string }[],
): Promise<{ modules: Module[]; onDisk: boolean }> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    const modules = await Promise.all(woven.map(async ({ chapter, text }) => {
      const name = `${chapter.number}-${chapter.slug}.${hashOf(text)}.md.ts`;
      const file = new URL(name, folder);
      if (!await isFresh(file)) await replaceFile(fromFileUrl(file), text);
      return { chapter, text, url: file.href };
    }));
    await sweep();
    return { modules, onDisk: true };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
    const modules = woven.map(({ chapter, text }) => ({ chapter, text, url: dataUrl(text) }));
    return { modules, onDisk: false };
  }
}

/** A module whose name, the hash of its text, is there already is not written again while nobody may sweep it. */
async function isFresh(file: URL): Promise<boolean> {
  try {
    return Date.now() - Number((await Deno.stat(file)).mtime) < hour;
  } catch {
    return false;
  }
}

/** Takes away what earlier runs left; a run in progress has nothing as old as a day. */
async function sweep(): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!/\.(?:md\.ts|tmp)$/.test(name)) continue;
    const file = new URL(encodeURIComponent(name), folder);
    const age = Date.now() - Number((await Deno.stat(file).catch(() => null))?.mtime ?? Date.now());
    if (age > 24 * hour) await Deno.remove(file).catch(() => {});
  }
}

/** Every type error of the chapters that may be loaded; run.ts names the others. */
export async function typeProblems(chapters: readonly Chapter[]): Promise<Problem[]> {
  const { modules, onDisk } = await prepare(chapters);
  if (modules.length === 0) return [];
  if (!onDisk) return (await Promise.all(modules.map(checkByStdin))).flat();
  const urls = modules.map(({ url }) => url);
  return readErrors(await deno(["check", ...closed, ...urls], { cwd: root }), modules);
}

/** Where nothing can be written: `deno check` takes no stdin, `deno run --check -` does; it ends at the first line. */
async function checkByStdin(module: Module): Promise<Problem[]> {
  const input = `${module.text}
function __chapter(
  _slug: string,
): import("./scripts/notebook/harness.ts").Scope<import("./sim/mod.ts").Era> {
  return (globalThis as unknown as { Deno: { exit(status: number): never } }).Deno.exit(0);
}
`;
  const args = ["run", "--check", "--no-prompt", ...closed, "-"];
  const url = new URL("$deno$stdin.mts", root).href;
  return readErrors(await deno(args, { cwd: root, input }), [{ ...module, url }]);
}

function readErrors(
  { code, stderr }: { code: number; stderr: string },
  modules: readonly Module[],
): Problem[] {
  return typeErrors({ code, stderr: chapterText(stderr, modules) });
}
