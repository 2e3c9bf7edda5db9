// Files: found below a folder, copied, replaced in one step, and told apart by short hashes.

import { createHash } from "node:crypto";

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
    const place = `${to}/${path}`, text = instead.get(path);
    await Deno.mkdir(place.replace(/\/[^/]*$/, ""), { recursive: true });
    if (text !== undefined) await Deno.writeTextFile(place, text);
    // Not Deno.copyFile, which keeps the modes of a checkout that may not be written.
    else await Deno.writeFile(place, await Deno.readFile(`${from}/${path}`));
  }
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
  const suffix = `${crypto.randomUUID().slice(0, 8)}.tmp`;
  const beside = real instanceof URL ? new URL(`${real.href}.${suffix}`) : `${real}.${suffix}`;
  const temporary = folder === undefined ? beside : `${folder}/${suffix}`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true, ...mode !== null && { mode } });
    await Deno.rename(temporary, real);
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
