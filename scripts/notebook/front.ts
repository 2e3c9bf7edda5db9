// The front matter of a chapter: YAML between two lines of dashes, each field checked, each error at its line.

import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { lineOfKey, readYaml } from "../tool/yaml.ts";
import type { Front } from "./chapter.ts";

type Rule = { holds: (value: unknown) => boolean; wants: string };

const text = (example: string): Rule => ({
  holds: (value) => typeof value === "string" && value.trim() !== "",
  wants: `text; put it in quotes if it looks like a number: ${example}`,
});

const rules: Record<keyof Front, Rule> = {
  title: text('title: "Who owns a page"'),
  question: text('question: "How many owners does a page have?"'),
  years: text('years: "2006"'),
  kernel: text("kernel: page_count"),
  katas: {
    holds: (value) => Array.isArray(value) && value.every((slug) => typeof slug === "string"),
    wants: "a list of slugs: katas: [ghost-buffer]",
  },
  minutes: {
    holds: (value) => Number.isInteger(value) && (value as number) > 0,
    wants: "a whole number: minutes: 20",
  },
};

/**
 * Reads the front matter that `lines` (each with its line end) begin with.
 *
 * @returns the fields, and how many lines they take up with both lines of dashes
 */
export function parseFront(lines: readonly string[], path: string): { front: Front; size: number } {
  const dashes = (line: string) => line.replace(/^\ufeff/, "").trimEnd() === "---";
  const end = lines.findIndex((line, index) => index > 0 && dashes(line));
  if (!dashes(lines[0] ?? "") || end < 0) {
    throw new Problem("a chapter begins with front matter, between two lines of three dashes", {
      path,
      line: 1,
      remedy: `It has these fields: ${Object.keys(rules).join(", ")}`,
    });
  }
  const inside = lines.slice(1, end).join("");
  const attributes = readYaml(inside, { what: "the front matter", path, above: 1 });
  // Below the first line of dashes; where a field is missing, that line.
  const lineOf = (name: string) => lineOfKey(inside, name) + 1;
  for (const name of Object.keys(attributes)) {
    if (Object.hasOwn(rules, name)) continue;
    throw new Problem(`the front matter has no field \`${name}\``, {
      path,
      line: lineOf(name),
      remedy: didYouMean(name, Object.keys(rules), (near) => `\`${near}\``),
    });
  }
  for (const [name, { holds, wants }] of Object.entries(rules)) {
    const value = attributes[name];
    if (holds(value)) continue;
    throw new Problem(`the front matter's \`${name}\` is ${value == null ? "missing" : "wrong"}`, {
      path,
      line: lineOf(name),
      remedy: `It is ${wants}`,
    });
  }
  return { front: attributes as unknown as Front, size: end + 1 };
}
