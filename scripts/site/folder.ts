// Puts a site into a folder in one step, and never takes away a file that it did not write.

import { basename, dirname, join } from "@std/path";
import { exists, unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";

/** Lists what we wrote into a folder, a path a line; a folder without it is not ours to replace. */
const list = ".pinned-site";

/**
 * Writes `files` to `folder`: elsewhere first, then swapped, so that a web server never shows half a site.
 *
 * @param workshop a folder on the same disk, in which the new site is put together; beside the other, unless told
 * @throws Problem when the folder holds anything that an earlier call did not write
 */
export async function writeSite(
  files: ReadonlyMap<string, string>,
  folder: string,
  workshop?: string,
): Promise<void> {
  const target = await realPath(folder), beside = workshop ?? dirname(target);
  await refuseForeign(target);
  const named = (what: string) =>
    join(beside, `.${basename(target)}.${what}-${crypto.randomUUID().slice(0, 8)}`);
  const fresh = named("new"), old = named("old");
  try {
    if (!await exists(dirname(target))) await Deno.mkdir(dirname(target), { recursive: true });
    await fill(fresh, files);
    const had = await exists(target);
    if (had) await Deno.rename(target, old);
    try {
      await Deno.rename(fresh, target);
    } catch (error) {
      if (had) await Deno.rename(old, target);
      throw error;
    }
    if (had) await Deno.remove(old, { recursive: true });
  } catch (error) {
    await Deno.remove(fresh, { recursive: true }).catch(() => {});
    if (!(error instanceof Deno.errors.PermissionDenied) && !(error as { code?: string }).code) {
      throw error;
    }
    throw new Problem(`writing the site: ${(error as Error).message}`, {
      path: folder,
      remedy: "Name a folder that can be written: deno task site --out DIR",
    });
  }
}

/** Writes the files, the list first and locked: what is locked is somebody's work, and no leftover. */
async function fill(fresh: string, files: ReadonlyMap<string, string>): Promise<void> {
  await Deno.mkdir(fresh, { recursive: true });
  using listed = await Deno.create(join(fresh, list));
  await listed.lock(true);
  await listed.write(new TextEncoder().encode([...files.keys()].sort().join("\n") + "\n"));
  for (const [path, text] of files) {
    await Deno.mkdir(dirname(join(fresh, path)), { recursive: true });
    await Deno.writeTextFile(join(fresh, path), text);
  }
}

/** Takes away what a `site` left that was killed; if it was about to swap, the site from before comes back. */
export async function sweepSite(folder: string, workshop?: string): Promise<void> {
  const target = await realPath(folder), beside = workshop ?? dirname(target);
  const ours = new RegExp(`^\\.${RegExp.escape(basename(target))}\\.(new|old)-[0-9a-f]{8}$`);
  for (const { name, isDirectory } of await entries(beside)) {
    const [, what] = ours.exec(name) ?? [], path = join(beside, name);
    if (!what || !isDirectory || !await isLeft(path)) continue;
    if (what === "old" && !await exists(target)) await Deno.rename(path, target);
    else await Deno.remove(path, { recursive: true });
  }
}

/** Whether nobody is at work in a folder that is ours. */
async function isLeft(path: string): Promise<boolean> {
  const listed = await unlessMissing(Deno.open(join(path, list), { read: true, write: true }));
  if (!listed) return (await entries(path)).length === 0;
  using file = listed;
  return await file.tryLock(true);
}

const entries = async (folder: string) =>
  await unlessMissing(Array.fromAsync(Deno.readDir(folder))) ?? [];

async function refuseForeign(target: string): Promise<void> {
  const ours = new Set((await read(join(target, list)))?.split("\n") ?? []).add(list);
  const foreign = await firstForeign(target, "", ours);
  if (foreign === undefined) return;
  throw new Problem(`the folder holds ${foreign}, which is not of an earlier site`, {
    path: target,
    remedy: "A site replaces the whole folder. Name another one with --out, or move the file away",
  });
}

/** The first file below `folder` that is not in `ours`; a file in the folder's place counts too. */
async function firstForeign(
  target: string,
  at: string,
  ours: Set<string>,
): Promise<string | undefined> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(join(target, at))) {
      const path = at ? `${at}/${name}` : name;
      if (!isDirectory && !ours.has(path)) return path;
      const below = isDirectory ? await firstForeign(target, path, ours) : undefined;
      if (below) return below;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (
      error instanceof Deno.errors.NotADirectory || (error as { code?: string }).code === "ENOTDIR"
    ) {
      return basename(target);
    }
    throw error;
  }
}

/** Where a folder is, or will be; a symbolic link to it stays one. */
export async function realPath(folder: string): Promise<string> {
  return await unlessMissing(Deno.realPath(folder)) ?? folder;
}

const read = (path: string) =>
  Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error.code === "ENOTDIR") return undefined;
    throw error;
  });
