// Where a scene was seen: `[6.18.44](#seen:pin-shared)` in the prose, written from the records of real kernels.

import type { KernelRecord } from "../kernel/record.ts";
import { seenOn } from "../kernel/seen.ts";
import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { type Body, SEEN } from "./body.ts";
import { linksTo, type Rewritten, withLinkTexts } from "./counts.ts";
import type { Chapter } from "./markdown.ts";

/** What the text of such a link is. */
function seenText(records: readonly KernelRecord[], name: string): string {
  return seenOn(records, name).join(", ") || "no kernel yet";
}

/** Each link that names no scene, and each that says something else than the records. */
export function seenProblems(
  body: Body,
  records: readonly KernelRecord[],
  scenes: readonly string[],
): Problem[] {
  const { path, slug } = body.chapter;
  return linksTo(body, SEEN).flatMap(({ href, text, line }) => {
    const name = href.slice(SEEN.length), now = seenText(records, name);
    if (!scenes.includes(name)) {
      const remedy = didYouMean(name, scenes, (near) => `\`${SEEN}${near}\``);
      return [new Problem(`there is no scene \`${name}\``, { path, line, remedy })];
    }
    if (text === now) return [];
    return [
      new Problem(`the text says ${text}, \`${name}\` was seen on ${now}`, {
        path,
        line,
        remedy:
          `Run \`deno task chapter ${slug} --accept\`, and read whether the sentence still holds`,
      }),
    ];
  });
}

/** The chapter with what the records say. */
export function withSeen(
  chapter: Chapter,
  records: readonly KernelRecord[],
): { chapter: Chapter; rewritten: Rewritten[] } {
  return withLinkTexts(chapter, SEEN, (name) => seenText(records, name));
}
