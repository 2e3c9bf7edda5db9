// The table hazard × era of a chapter: what stands between `<!-- hazards -->` and `<!-- /hazards -->` is made here, from
// the named scenes, the eras and the records of real kernels; the check compares.

import { eras, outcome, releaseNamed, scenes } from "../../sim/mod.ts";
import type { KernelRecord } from "../kernel/record.ts";
import { seenOn } from "../kernel/seen.ts";
import { fileOf, RECORDS } from "../kernel/store.ts";
import { Problem } from "../tool/problem.ts";
import { CLOSE, OPEN } from "./body.ts";
import { type Chapter, parse, print } from "./markdown.ts";

/** The table: a row for each named scene, a column for each era, and the kernels on which it was seen. */
export function hazardsTable(records: readonly KernelRecord[]): string {
  const head = ["", ...eras.map(({ name }) => `\`${name}\``), "seen on"];
  const rows = [...scenes.values()].map((scene) => {
    const seen = seenOn(records, scene.name).map((release) =>
      `[${release}](../${RECORDS}/${fileOf(release)})`
    );
    return [
      `[${scene.name}](../sim/scenes/${scene.name}.scene)`,
      ...eras.map(({ name }) => outcome(scene, releaseNamed(name)) ?? "not modelled yet"),
      seen.join(", ") || "no kernel yet",
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The chapter with the table as it is now. */
export function withHazards(chapter: Chapter, table: string): Chapter {
  const text = print(chapter), from = text.indexOf(OPEN) + OPEN.length;
  const to = text.indexOf(CLOSE, from);
  if (to < 0) throw unclosed(chapter);
  return parse(`${text.slice(0, from)}\n\n${table}\n\n${text.slice(to)}`, chapter.path);
}

/** What is wrong with the table of a chapter that has one. */
export function hazardsProblems(chapter: Chapter, table: string): Problem[] {
  const text = print(chapter), from = text.indexOf(OPEN);
  const to = text.indexOf(CLOSE, from);
  if (to < 0) return [unclosed(chapter)];
  if (text.slice(from + OPEN.length, to).trim() === table) return [];
  return [
    new Problem("the table of hazards is not what the machine and the records say", {
      path: chapter.path,
      line: lineOf(text, from),
      remedy: `Run \`deno task chapter ${chapter.slug} --accept\`, and read what changed`,
    }),
  ];
}

function unclosed(chapter: Chapter): Problem {
  const text = print(chapter);
  return new Problem(`${OPEN} is not followed by ${CLOSE}`, {
    path: chapter.path,
    line: lineOf(text, text.indexOf(OPEN)),
    remedy: `Put ${CLOSE} on a line of its own below it`,
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
