// YAML, and where it is wrong.

import { parse } from "@std/yaml/parse";
import { Problem } from "./problem.ts";

/**
 * The fields of a text; none where it is empty.
 *
 * @param place what it is, the file, and how many lines stand above the text
 * @throws Problem at its line, when it is not YAML
 */
export function readYaml(
  text: string,
  { what, path, above = 0 }: { what: string; path: string; above?: number },
): Record<string, unknown> {
  try {
    return (parse(text) ?? {}) as Record<string, unknown>;
  } catch (error) {
    const [first = ""] = String((error as Error).message).split("\n");
    const [where = "", line = 1, column] = first.match(/ at line (\d+), column (-?\d+).*/) ?? [];
    throw new Problem(`${what} is not YAML: ${first.replace(where, "").replace(/:$/, "")}`, {
      path,
      line: Number(line) + above,
      ...Number(column) > 0 && { column: Number(column) },
      remedy: "A value with a colon or a quote in it belongs in quotes; a name stands there once",
    });
  }
}
