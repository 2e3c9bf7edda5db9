// Files: found below a folder, read as text, copied, made and replaced in one step, and told apart by short hashes.

import { createHash } from "node:crypto";
import { isAbsolute, resolve } from "@std/path";
import { Problem, systemProblem } from "./problem.ts";

/** What a promise about a file comes to, or undefined where there is no such file. */
export async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Is there anything at a path? A link that leads nowhere is something. */
export async function exists(path: string | URL): Promise<boolean> {
  return await unlessMissing(Deno.lstat(path)) !== undefined;
}

/**
 * The text of a file that somebody wrote, on whatever system: its lines end in `\n`, and no mark stands in front.
 *
 * @param shown the path as it is told
 * @throws Deno.errors.NotFound where there is nothing, and Problem where there is something that cannot be read as text
 */
export async function textAt(
  place: string | URL,
  shown: string = String(place),
): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(place);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound && !await exists(place)) throw error;
    throw unreadable(error, shown);
  }
  return textOf(bytes, shown);
}

/** What bytes say to whoever reads a file of this path: lines end in `\n`, and no mark stands in front. */
export function textOf(bytes: Uint8Array, path: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); // which takes the mark off
    return text.replaceAll("\r\n", "\n");
  } catch {
    throw new Problem("the file is not UTF-8", { path, remedy: "Save it as UTF-8" });
  }
}

/** Why something cannot be read; what is nobody's affair but ours stays as it is. */
function unreadable(error: unknown, path: string): unknown {
  const why = error instanceof Deno.errors.NotFound
    ? "this link leads nowhere"
    : error instanceof Deno.errors.IsADirectory
    ? "this is a folder"
    : error instanceof Deno.errors.PermissionDenied
    ? "you may not read this file"
    : undefined;
  return why === undefined ? systemProblem(error, path) ?? error : new Problem(why, { path });
}

/** The files below a folder, sorted, each with its path; `wanted` is asked of folders and files alike. */
export async function filesBelow(
  folder: string,
  wanted: (path: string) => boolean = () => true,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(folder || "."))) {
    const path = folder ? `${folder}/${name}` : name;
    if (!wanted(path)) continue;
    // A folder may go while we look.
    if (isDirectory) found.push(...await unlessMissing(filesBelow(path, wanted)) ?? []);
    else found.push(path);
  }
  return found.sort();
}

/** Copies files from one folder to another, each at its path; `instead` has texts for some of them. */
export async function copyFiles(
  paths: readonly string[],
  from: string,
  to: string,
  instead: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  for (const path of paths) {
    const place = `${to}/${path}`, text = instead.get(path);
    await Deno.mkdir(place.replace(/\/[^/]*$/, ""), { recursive: true });
    if (text !== undefined) await Deno.writeTextFile(place, text);
    // Not Deno.copyFile, which keeps the modes of a checkout that may not be written.
    else await Deno.writeFile(place, await Deno.readFile(`${from}/${path}`));
  }
}

/**
 * Makes a file that is not there yet, in one step: with the whole text or not at all, whatever the disk or a kill does.
 *
 * @throws Deno.errors.AlreadyExists where there is something already
 */
export async function createFile(path: string, text: string): Promise<void> {
  const temporary = asideOf(path);
  try {
    await writeWhole(temporary, text);
    await moveFile(temporary, path);
  } finally {
    await Deno.remove(temporary).catch(() => {});
  }
}

/** Moves a file in its file system, and never onto another. @throws Deno.errors.AlreadyExists where there is one */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await Deno.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw error;
    if (await exists(to)) throw new Deno.errors.AlreadyExists(`${to} is there already`);
    return await Deno.rename(from, to); // a file system without hard links
  }
  await Deno.remove(from);
}

/** A name beside a file, for what is about to be it; nobody else has it. */
export function asideOf(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
}

/** Takes away what killed runs have left in a folder, ten minutes ago or more: names that {@linkcode asideOf} made. */
export async function sweepAside(folder: string): Promise<void> {
  for (const { name, isFile } of await Array.fromAsync(Deno.readDir(folder))) {
    if (!isFile || !/\.[0-9a-f]{8}\.tmp(?:\.ts)?$/.test(name)) continue;
    const left = `${folder}/${name}`, found = await unlessMissing(Deno.lstat(left));
    if (Date.now() - Number(found?.mtime ?? NaN) > 600_000) await Deno.remove(left).catch(() => {});
  }
}

/** Writes a new file, and does not come back before the disk has it. */
async function writeWhole(path: string | URL, text: string, mode: number | null = null) {
  await Deno.writeTextFile(path, text, { createNew: true, ...mode !== null && { mode } });
  using file = await Deno.open(path);
  await file.syncData().catch((error) => {
    // Windows wants more than to read.
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
  });
}

/**
 * Replaces a file in one step: a reader sees the old text or the new one, and a full disk loses nothing.
 *
 * A symbolic link stays one: what it points to is replaced.
 *
 * @param folder where the new text is written first; beside the file, unless told
 */
export async function replaceFile(
  path: string | URL,
  text: string,
  folder?: string,
): Promise<void> {
  const real = await unlessMissing(Deno.realPath(path)) ?? path;
  const mode = (await unlessMissing(Deno.stat(real)))?.mode ?? null;
  const beside = real instanceof URL ? new URL(asideOf(real.href)) : asideOf(real);
  const temporary = folder === undefined ? beside : asideOf(`${folder}/replaced`);
  try {
    await writeWhole(temporary, text, mode);
    await Deno.rename(temporary, real);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/**
 * A folder of ours for what can be made again, `.woven` or one in it. Through a link, what we write and sweep would be
 * somebody else's.
 *
 * @param path below the root
 * @param root where the task runs, unless told
 * @throws Problem where a link stands
 */
export async function ownFolder(path: string, root: string = "."): Promise<void> {
  const parts = isAbsolute(path) ? [path] : path.split("/");
  for (const n of parts.keys()) {
    const folder = parts.slice(0, n + 1).join("/");
    if (!folder || !(await unlessMissing(Deno.lstat(resolve(root, folder))))?.isSymlink) continue;
    throw new Problem("this is a link, and we write and sweep only in a folder of our own", {
      path: folder,
      remedy: `Remove it: rm ${folder}`,
    });
  }
  await Deno.mkdir(resolve(root, path), { recursive: true });
}

/** Twelve digits for a text, or for lines, to tell whether something was changed since. */
export function hashOf(text: string | readonly string[]): string {
  const whole = typeof text === "string" ? text : text.map((line) => `${line}\n`).join("");
  return createHash("sha256").update(whole).digest("hex").slice(0, 12);
}
