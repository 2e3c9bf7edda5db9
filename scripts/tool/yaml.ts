// YAML, and where it is wrong. Dates stay as they are written, and every text in it can be seen.

import { parse } from "@std/yaml/parse";
import { firstHidden } from "./printable.ts";
import { Problem } from "./problem.ts";

/** Nobody writes lists in lists so deep, and a reader that goes down with them runs out of stack. */
const DEEPEST = 50;

/** A text of YAML: what it is, the file, and how many lines stand above it there. */
export interface Yaml {
  what: string;
  path: string;
  above?: number;
}

/**
 * The fields of a text; none where it is empty.
 *
 * @throws Problem at its line, when it is not YAML, has no fields, or holds what cannot be seen
 */
export function readYaml(text: string, { what, path, above = 0 }: Yaml): Record<string, unknown> {
  const source = text.replaceAll("\r\n", "\n");
  const refuse = (message: string, line: number, remedy: string, column?: number): never => {
    throw new Problem(message, {
      path,
      line: line + above,
      ...column !== undefined && column > 0 && { column },
      remedy,
    });
  };
  const hidden = firstHidden(source.replace(/^\ufeff/, "\n"));
  if (hidden) {
    const line = lineAt(source, hidden.at);
    refuse(`${what} holds the character ${hidden.escape}`, line, "Take it away");
  }
  const deep = deepest(source);
  if (deep) refuse(`${what} is nested too deep`, deep, `At most ${DEEPEST} lists in each other`);
  const fields = parsed(source, what, refuse);
  if (typeof fields !== "object" || Array.isArray(fields)) {
    refuse(`${what} has no fields`, 1, "Each is a name, a colon and what it is: `title: …`");
  }
  for (const [key, value] of Object.entries(fields)) {
    const escaped = firstHidden(key) ?? hiddenIn(value);
    if (!escaped) continue;
    const line = lineOfKey(source, key) || lineAt(source, Math.max(source.indexOf("\\"), 0));
    refuse(`${what} spells the character ${escaped.escape}`, line, "Take it away");
  }
  return fields as Record<string, unknown>;
}

function parsed(
  source: string,
  what: string,
  refuse: (message: string, line: number, remedy: string, column?: number) => never,
): object {
  try {
    // The core schema makes no dates: 2005-02-30 would become another day.
    return (parse(source, { schema: "core" }) ?? {}) as object;
  } catch (error) {
    const [first = ""] = String((error as Error).message).split("\n");
    const [where = "", line = 1, column] = first.match(/ at line (\d+), column (-?\d+).*/) ?? [];
    return refuse(
      `${what} is not YAML: ${first.replace(where, "").replace(/:$/, "")}`,
      Math.min(Number(line), source.split("\n").length), // it may miss something behind the end
      "A value with a colon or a quote in it belongs in quotes; a name stands there once",
      Number(column),
    );
  }
}

/** The first line on which lists in lists are too deep; undefined where none is. */
function deepest(source: string): number | undefined {
  let open = 0;
  for (const [at, line] of source.split("\n").entries()) {
    const indented = line.match(/^(?:\s*[-?](?=\s))*/)![0].replace(/\s/g, "").length;
    for (const mark of line.match(/[[\]{}]/g) ?? []) {
      open = Math.max(open + (/[[{]/.test(mark) ? 1 : -1), 0);
      if (open > DEEPEST) return at + 1;
    }
    if (indented > DEEPEST || line.search(/\S/) > 4 * DEEPEST) return at + 1;
  }
}

function hiddenIn(value: unknown, seen = new Set<unknown>()): { escape: string } | undefined {
  if (typeof value === "string") return firstHidden(value);
  // An alias may lead back to where it stands.
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  for (const [key, inner] of Object.entries(value)) {
    const found = firstHidden(key) ?? hiddenIn(inner, seen);
    if (found) return found;
  }
}

/** The line of a field of a text, counted from 1; 0 where it does not stand there as it is read. */
export function lineOfKey(source: string, key: string): number {
  const field = new RegExp(`^(["']?)${RegExp.escape(key)}\\1[ \\t]*:(?=\\s|$)`);
  return source.split("\n").findIndex((line) => field.test(line.replace(/^\ufeff/, ""))) + 1;
}

/** The lines of the items of a field that is a list, an item a line or more; the field's own where they cannot be told. */
export function linesOfItems(source: string, key: string, count: number): number[] {
  const first = lineOfKey(source, key), lines = source.split("\n");
  const end = lines.findIndex((line, at) => at >= first && /^[^\s#-]/.test(line));
  const below = lines.slice(first, end < 0 ? undefined : end);
  const indent = below.find((line) => /^\s*-\s/.test(line))?.match(/^\s*-/)?.[0];
  const items = below.flatMap((line, at) =>
    indent !== undefined && line.startsWith(`${indent} `) ? [first + at + 1] : []
  );
  return items.length === count ? items : Array.from({ length: count }, () => first || 1);
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}
