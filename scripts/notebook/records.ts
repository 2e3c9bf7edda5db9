// What a chapter says of real kernels, from the records of `deno task kernel`: where a scene was seen, and the table hazard ×
// era, which stands between `<!-- hazards -->` and `<!-- /hazards -->`.

import { type Judged, rightOf, type Scene } from "../../sim/mod.ts";
import type { KernelRecord } from "../kernel/record.ts";
import { seenOn } from "../kernel/seen.ts";
import { fileOf, RECORDS } from "../kernel/store.ts";
import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { type Body, CLOSE, OPEN, SEEN } from "./body.ts";
import { type Chapter, type Finding, linesOf, print } from "./chapter.ts";
import { type Source, unknownNames } from "./figures.ts";
import { hazards } from "./hazards.ts";

/** Where scenes were seen. */
export function seen(records: readonly KernelRecord[]): Source {
  return {
    ...{ mark: SEEN, what: "list", place: "where a scene was seen" },
    textOf: (name) => seenOn(records, name).join(", ") || "no kernel yet",
    wrong: (name, text, now) => `the text says ${text}, \`${name}\` was seen on ${now}`,
  };
}

/** Each link that names no scene. */
export function seenProblems(body: Body, names: readonly string[]): Problem[] {
  const remedy = (name: string) => didYouMean(name, names, (near) => `\`${SEEN}${near}\``);
  return unknownNames(body, SEEN, names, "there is no scene", remedy);
}

/**
 * The table: a row for each named scene that the machine can play, with what is right by its file; a column for kernels that
 * answer all of them alike; and the kernels on which it was seen. A cell that begins with ✗ is wrong, in what stands in bold;
 * the words behind the sign are the verdicts of the pictures.
 * The scenes without a row are named below.
 */
export function hazardsTable(records: readonly KernelRecord[]): string {
  const { played, missing, columns } = hazards();
  const titles = columns.map(({ era, ranges }) => `\`${era}\` ${ranges}`);
  const head = ["", "right", ...titles, "seen on"];
  const rows = played.map((scene, row) => {
    const seen = seenOn(records, scene.name).map((release) =>
      `[${release}](../${RECORDS}/${fileOf(release)})`
    );
    return [
      linkTo(scene),
      rightOf(scene) || "nothing is expected",
      ...columns.map(({ judged }) => cellOf(judged[row]!)),
      seen.join(", ") || "no kernel yet",
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
  return [table, ...withoutRow(missing), ...records.flatMap(everyProgram)].join("\n\n");
}

const linkTo = ({ name }: Scene) => `[${name}](../sim/scenes/${name}.scene)`;

/** Names the scenes that the machine cannot play. */
function withoutRow(missing: readonly Scene[]): string[] {
  if (missing.length === 0) return [];
  return [`Without a row, since the machine cannot play them: ${missing.map(linkTo).join(", ")}.`];
}

/** Of a kernel that has answered every short program, how many there are. */
function everyProgram({ release, every }: KernelRecord): string[] {
  if (every.length === 0) return [];
  const counts = every.map(({ operations, programs, settings }) =>
    `${programs.toLocaleString("en")} of ${operations} operations${
      settings ? " with reclaim and KSM among them" : ""
    }`
  );
  const kernel = `[a real kernel](../${RECORDS}/${fileOf(release)})`;
  return [
    `Beyond these scenes, ${kernel} has answered every short program over one page and two processes as the machine ` +
    `does: all ${counts.join(", and all ")}.`,
  ];
}

function cellOf({ words: said, wrong, verdicts }: Judged): string {
  const words = said.map((part, at) => wrong.includes(at) ? `**${part}**` : part);
  const why = verdicts.filter((word) => word !== "whole").join(", ");
  return `${wrong.length > 0 ? `✗ ${why}: ` : ""}${words.join(", ")}`;
}

/** Whether the table of a chapter that has one is as it is now; one that is not closed has no edit. */
export function staleHazards(chapter: Chapter, table: string): Finding[] {
  const { path, slug } = chapter, text = print(chapter);
  const from = text.indexOf(OPEN), to = text.indexOf(CLOSE, from);
  if (from < 0) return [];
  const line = text.slice(0, from).split("\n").length;
  if (to < 0) {
    const remedy = `Put ${CLOSE} on a line of its own below it`;
    return [{
      problem: new Problem(`${OPEN} is not followed by ${CLOSE}`, { path, line, remedy }),
    }];
  }
  if (text.slice(from + OPEN.length, to).trim() === table) return [];
  const problem = new Problem("the table of hazards is not what the machine and the records say", {
    path,
    line,
    remedy: `Run \`deno task chapter ${slug} --accept\`, and read what changed`,
  });
  const lines = linesOf(text), count = text.slice(from, to).split("\n").length;
  const [head = "", tail = ""] = [lines[line - 1], lines[line + count - 2]];
  const edit = {
    line,
    count,
    text: `${head.slice(0, head.indexOf(OPEN))}${OPEN}\n\n${table}\n\n${
      tail.slice(tail.indexOf(CLOSE))
    }`,
  };
  return [{
    problem,
    edit,
    told: { what: "table", place: "the table of hazards", line, before: "", after: "" },
  }];
}
