// Where a link leads, by its text alone: out to another site, or to a path of the project. What both the checks and the
// pages refuse is said here.

import { dirname, join, relative } from "@std/path";

/** A path from the root and what is behind its `#`; "" is the file that the link stands in. Or that it leads away from here. */
export type Target =
  | { path: string; anchor: string | undefined }
  | "far"
  | { wrong: string; remedy: string };

/** No path of a project is longer. */
const LONGEST = 1_000;
/** Whatever else has a scheme may run in the page, as `javascript:` does. */
const FAR = /^(?:https?|mailto):/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** Reads the address of a link that stands in the file `from`. */
export function targetOf(address: string, from: string): Target {
  if (FAR.test(address)) return "far";
  const scheme = SCHEME.exec(address)?.[0];
  if (scheme) {
    return wrong(`a link to \`${scheme}\` is not for readers`, "Link to https:, or a file");
  }
  const [file = "", anchor] = address.split(/#(.*)/s);
  if (!file) return { path: "", anchor };
  const named = decoded(file);
  if (named === undefined || file.length > LONGEST) {
    return wrong(`there is no ${shortened(file)}`, "No file has such a name");
  }
  const path = join(dirname(from), named).replaceAll("\\", "/").replace(/\/$/, "");
  const example = relative(dirname(from), "sim/mod.ts").replaceAll("\\", "/");
  const remedy = `A link is a path from where it stands, such as ${example}`;
  if (named.startsWith("/") || /^(?:\/|\.\.(?:\/|$))/.test(path)) {
    return wrong(`there is no ${shortened(path)}`, remedy);
  }
  if (/(?:^|\/)\../.test(path)) {
    return wrong(`${shortened(path)} is hidden, and not for readers`, remedy);
  }
  return { path, anchor };
}

const wrong = (wrong: string, remedy: string) => ({ wrong, remedy });

/** An address, or a path, for a message. */
export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function decoded(text: string): string | undefined {
  try {
    const path = decodeURIComponent(text);
    // deno-lint-ignore no-control-regex
    return /[\0-\x1f\x7f]/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}
