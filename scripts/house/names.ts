// What exists in Linux keeps its spelling, and what is ours is camelCase: a name in Linux's spelling stands in a list of
// Linux's names, with its source. A tag of an event or of an era's is a string and no name; a constant in capitals is
// Linux's where sim/uapi.ts has it.

import { declarationsOf, lineAt } from "../kata/source.ts";
import { Problem } from "../tool/problem.ts";

type Files = ReadonlyMap<string, string>;

/** The list: a name a line, where Linux has it, since when, and what is to be said of it. */
export const LINUX_NAMES = "scripts/house/linux_names.txt";
/** `2.6.12`; `5.11..5.14`, not in the first yet and there in the second; or what it is instead of Linux's. */
const SINCE = /^(?:\d+\.\d+(?:\.\d+)?(?:\.\.\d+\.\d+(?:\.\d+)?)?|proposed|POSIX)$/;

/** Is every name of sim/ that looks like Linux's one of Linux's? */
export function linuxNames(path: string, text: string, files: Files): Problem[] {
  if (path === LINUX_NAMES) return listProblems(text, files);
  if (!isSim(path)) return [];
  const known = new Set((files.get(LINUX_NAMES) ?? "").split("\n").map(nameOf));
  const seen = new Set<string>();
  return declarationsOf(text).flatMap(({ name, line }) => {
    if (!looksLikeLinux(path, name) || known.has(name) || seen.has(name)) return [];
    seen.add(name);
    const remedy =
      `If Linux has it, add it to ${LINUX_NAMES} with its file and release; if not, spell it in camelCase.`;
    return [new Problem(`${name} is not among Linux's names`, { path, line, remedy })];
  });
}

function listProblems(text: string, files: Files): Problem[] {
  const used = new Set(
    [...files].filter(([path]) => isSim(path)).flatMap(([, text]) =>
      declarationsOf(text).map(({ name }) => name)
    ),
  );
  let before = "";
  return [...text.matchAll(/^[^#\n].*$/gm)].flatMap(({ 0: entry, index }) => {
    const place = { path: LINUX_NAMES, line: lineAt(text, index) };
    const [name = "", , since = ""] = entry.split(/\s+/);
    const wrong = (message: string, remedy: string) => [
      new Problem(message, { ...place, remedy }),
    ];
    if (!SINCE.test(since)) {
      return wrong(`this is not a name of Linux: ${entry}`, "Write NAME FILE RELEASE, and a note.");
    }
    if (name <= before) {
      return wrong(`${name} comes before ${before}`, "Sort the list by code unit.");
    }
    before = name;
    return used.has(name) ? [] : wrong(`sim/ has no ${name} any more`, "Take it off the list.");
  });
}

function nameOf(entry: string): string {
  return entry.split(/\s+/, 1)[0]!;
}

function isSim(path: string): boolean {
  return path.startsWith("sim/") && path.endsWith(".ts") && !path.endsWith("_test.ts");
}

/** Words joined by underscores; words in capitals are a constant, which may be ours except where Linux's are kept. */
function looksLikeLinux(path: string, name: string): boolean {
  if (!/[A-Za-z0-9]_+[A-Za-z0-9]|^__[a-z]/.test(name)) return false;
  return /[a-z]/.test(name) || path === "sim/uapi.ts";
}
