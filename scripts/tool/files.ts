// Files: named from where a person stands, replaced in one step, and told apart by short hashes.

import { createHash } from "node:crypto";
import { dirname, isAbsolute, join } from "@std/path";
import { Problem } from "./problem.ts";

/** A path as a person means it, who does not stand where the task runs. */
export function fromHere(path: string): string {
  return isAbsolute(path) ? path : join(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/** The text of a file that a person names. @throws Problem when it cannot be read */
export async function readFrom(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(fromHere(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Problem("there is no such file", { path });
    if (error instanceof Deno.errors.IsADirectory) throw new Problem("this is a folder", { path });
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new Problem("you may not read this file", { path });
  }
}

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
    await Deno.mkdir(dirname(join(to, path)), { recursive: true });
    const text = instead.get(path);
    if (text !== undefined) await Deno.writeTextFile(join(to, path), text);
    // Not Deno.copyFile, which keeps the modes of a checkout that may not be written.
    else await Deno.writeFile(join(to, path), await Deno.readFile(join(from, path)));
  }
}

/**
 * Replaces a file in one step: a reader sees the old text or the new one, and a full disk loses nothing.
 *
 * A symbolic link stays one: what it points to is replaced.
 *
 * @param folder where the new text is written first; beside the file, unless told
 */
export async function replaceFile(path: string, text: string, folder?: string): Promise<void> {
  const real = await unlessMissing(Deno.realPath(path));
  const mode = real === undefined ? null : (await Deno.stat(real)).mode;
  const suffix = `${crypto.randomUUID().slice(0, 8)}.tmp`;
  const temporary = folder === undefined ? `${real ?? path}.${suffix}` : `${folder}/${suffix}`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true, ...mode !== null && { mode } });
    await Deno.rename(temporary, real ?? path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** Twelve digits for a text, or for lines, to tell whether something was changed since. */
export function hashOf(text: string | readonly string[]): string {
  const whole = typeof text === "string" ? text : text.map((line) => `${line}\n`).join("");
  return createHash("sha256").update(whole).digest("hex").slice(0, 12);
}
