// Puts a site into a folder in one step, and never takes away a file that it did not write.

import { basename, dirname, join } from "@std/path";
import { exists, unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";

/** Lists what we wrote into a folder, a path a line; a folder without it is not ours to replace. */
const list = ".pinned-site";

/**
 * Writes `files` to `folder`: beside it first, then swapped, so that a web server never shows half a site.
 *
 * @throws Problem when the folder holds anything that an earlier call did not write
 */
export async function writeSite(files: ReadonlyMap<string, string>, folder: string): Promise<void> {
  const target = await realPath(folder);
  await refuseForeign(target);
  const beside = (what: string) =>
    join(dirname(target), `.${basename(target)}.${what}-${crypto.randomUUID().slice(0, 8)}`);
  const fresh = beside("new"), old = beside("old");
  try {
    await Deno.mkdir(dirname(target), { recursive: true });
    for (const [path, text] of files) {
      await Deno.mkdir(dirname(join(fresh, path)), { recursive: true });
      await Deno.writeTextFile(join(fresh, path), text);
    }
    await Deno.writeTextFile(join(fresh, list), [...files.keys()].sort().join("\n") + "\n");
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
async function realPath(folder: string): Promise<string> {
  return await unlessMissing(Deno.realPath(folder)) ?? folder;
}

const read = (path: string) =>
  Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error.code === "ENOTDIR") return undefined;
    throw error;
  });
