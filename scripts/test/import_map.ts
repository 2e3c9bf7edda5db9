// The import map that tests run with: the project's, with absolute addresses, and our stand-in for uvu.

import { resolve, toFileUrl } from "@std/path";

/**
 * Reads the map of a project in `folder`.
 *
 * @returns what makes the address of the map in which the file, or what is in the folder, of this address has the stand-in
 */
export async function importMapOf(folder: string): Promise<(scope: string) => string> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`)) as {
    imports: Record<string, string>;
  };
  const absolute = Object.entries(imports).map(([name, target]) => [
    name,
    target.startsWith("./") ? toFileUrl(resolve(folder, target)).href : target,
  ]);
  const uvu = import.meta.resolve("./uvu.ts");
  return (scope) => {
    const map = { imports: Object.fromEntries(absolute), scopes: { [scope]: { uvu } } };
    return `data:application/json,${encodeURIComponent(JSON.stringify(map))}`;
  };
}
