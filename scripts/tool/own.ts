// The project's own files. A checkout, or bad luck, may have put anything in a file's place: a link that leads out of the
// project, nowhere or in a circle, a folder, what may not be read, what is no text. Each is told as a problem of that file.

import { fromFileUrl, join, relative } from "@std/path";
import { textOf } from "./files.ts";
import { Problem } from "./problem.ts";

const project = fromFileUrl(new URL("../../", import.meta.url));

/**
 * Where a file really is, once links are followed: as a path from the root, with slashes.
 *
 * @param root where paths are from: the project's folder, unless told
 * @throws NotFound when there is nothing at `path`, and Problem when a link there leads out of the project, or nowhere
 */
export function realOwn(path: string, root: string = project): string {
  return told(path, root, () => {
    const real = relative(Deno.realPathSync(root), Deno.realPathSync(join(root, path))).replaceAll(
      "\\",
      "/",
    );
    if (!/^(?:\.\.(?:\/|$)|\/|[a-z]:)/i.test(real)) return real;
    throw new Problem("a link here leads out of the project", {
      path,
      remedy: "Put the file itself into its place",
    });
  });
}

/**
 * The text of a file, by its path from the root.
 *
 * @throws NotFound when there is nothing at `path`, and Problem when there is no text below the root
 */
export function readOwn(path: string, root: string = project): string {
  return textOf(told(path, root, () => Deno.readFileSync(join(root, realOwn(path, root)))), path);
}

/** What `look` comes to, with the system's refusals as problems; it knows them by names and codes. */
function told<Found>(path: string, root: string, look: () => Found): Found {
  try {
    return look();
  } catch (error) {
    if (error instanceof Problem || !(error instanceof Error)) throw error;
    const { code = error.name } = error as { code?: string };
    if (code === "ENOENT" || error instanceof Deno.errors.NotFound) {
      if (!isLink(join(root, path))) throw error;
      throw new Problem("the link here leads nowhere", { path });
    }
    if (!/^E[A-Z]+$|^PermissionDenied$/.test(code)) throw error;
    throw new Problem(refusals[code] ?? error.message, { path });
  }
}

const refusals: Record<string, string> = {
  EISDIR: "this is a folder, and a file's place",
  ENOTDIR: "a file stands in the place of a folder",
  ELOOP: "the links here lead in a circle",
  EACCES: "the file may not be read",
  EPERM: "the file may not be read",
  PermissionDenied: "the file may not be read",
  ENAMETOOLONG: "no file has so long a name",
  EINVAL: "no file has such a name",
};

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}
