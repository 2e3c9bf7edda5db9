// Chapters as modules that Deno can load: woven, written to `.woven/`, and asked what they would load.
//
// Where nothing can be written (a checkout on a read-only disk) a module is its own address, a data: URL.

import { fromFileUrl } from "@std/path";
import { Problem } from "../tool/problem.ts";
import { hashOf, ownFolder, replaceFile } from "../tool/files.ts";
import { root } from "./files.ts";
import type { Chapter, Module } from "./chapter.ts";
import { dataUrl } from "./addresses.ts";
import { brokenCells, graphProblems, refusedImports } from "./imports.ts";
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
    .map((chapter) => ({
      chapter,
      text: weave(chapter, crypto.randomUUID()),
      hash: hashOf(weave(chapter, "")),
    }));
  const { modules, onDisk } = await write(woven);
  const loads = await graphProblems(modules);
  return {
    modules: modules.filter(({ chapter }) => refuse(chapter, loads.get(chapter.slug) ?? [])),
    refused,
    onDisk,
  };
}

async function write(
  woven: readonly { chapter: Chapter; text: string; hash: string }[],
): Promise<{ modules: Module[]; onDisk: boolean }> {
  try {
    await ownFolder(".woven", fromFileUrl(root));
    const modules = await Promise.all(woven.map(async ({ chapter, text, hash }) => {
      const name = `${chapter.number}-${chapter.slug}.${hash}.md.ts`;
      const file = new URL(name, folder);
      if (!await isFresh(file)) await replaceFile(file, text);
      return { chapter, text, url: file.href };
    }));
    await sweep();
    return { modules, onDisk: true };
  } catch (error) {
    const other = !(error instanceof Error) || error instanceof Problem;
    if (other || error instanceof Deno.errors.NotCapable) throw error;
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

/** A module, or the beginning of one that was never finished. */
const OURS = /^\d\d-[a-z0-9-]+\.[0-9a-f]{12}\.md\.ts(?:\.[0-9a-f]{8}\.tmp)?$/;

/** Takes away what earlier runs left; a run in progress has nothing as old as a day. */
async function sweep(): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !OURS.test(name)) continue;
    const file = new URL(name, folder);
    const age = Date.now() - Number((await Deno.stat(file).catch(() => null))?.mtime ?? Date.now());
    if (age > 24 * hour) await Deno.remove(file).catch(() => {});
  }
}
