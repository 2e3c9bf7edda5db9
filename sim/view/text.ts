/**
 * A picture in words: a line for each frame, with its counts, its contents and everybody who owns a share in it; one for
 * each slot of the swap area; and the verdict.
 *
 * What changed is written as in a diff: a `+` stands before what is new and a `-` before what is gone, a count and a
 * permission that changed read `3→2` and `rw-→r--`, and an entry that leads elsewhere now says `(from pfn 1)`.
 *
 * @module
 */

import { verdictText } from "../verdict.ts";
import { type Box, countText, type Owner, type Picture, type Share } from "./picture.ts";

/** The width of every picture in text, in columns. */
export const COLUMNS = 80;

const MARGIN = "    ", SIGNS = { new: "  + ", gone: "  - " } as const;

/** The frames and their owners, aligned in columns with two spaces between them; a long list of owners goes on below itself. */
export function framesText({ owners, boxes }: Picture): string {
  return boxLines(owners, boxes, COLUMNS).flat().join("\n") || NOTHING;
}

/** The whole picture, with the verdict below. */
export function pictureText(picture: Picture): string {
  return [framesText(picture), ...verdictLines(picture, COLUMNS)].join("\n");
}

/** A picture of a film, indented; in the margin stand the signs of frames that are new or were freed. */
export function stepText(picture: Picture): string {
  const { owners, boxes } = picture, columns = COLUMNS - MARGIN.length;
  const lines = boxLines(owners, boxes, columns).flatMap(([first, ...more], at) => {
    const { change } = boxes[at]!;
    return [(change ? SIGNS[change] : MARGIN) + first, ...more.map((line) => MARGIN + line)];
  });
  const verdict = verdictLines(picture, columns).map((line) => MARGIN + line);
  return [...lines.length > 0 ? lines : [MARGIN + NOTHING], ...verdict].join("\n");
}

/** What stands for a picture without frames. */
export const NOTHING = "no frame is in use";

/** The lines of each box. */
function boxLines(owners: readonly Owner[], boxes: readonly Box[], columns: number): string[][] {
  const rows = boxes.map(cellsOf), marked = rows.some((row) => row[3] !== "");
  const cells = rows.map((row) => marked ? row : row.filter((_, column) => column !== 3));
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((row) => row[i]!.length))) ?? [];
  return boxes.map((box, at) => {
    const head = cells[at]!.map((cell, i) => cell.padEnd(widths[i]!) + "  ").join("");
    const labels = labelsOf(owners, box);
    const fits = labels.every((label) => head.length + label.length < columns);
    const text = fits
      ? head + wrapList(labels, head.length, columns)
      : `${head.trimEnd()}\n    ${wrapList(labels, 4, columns)}`;
    return text.trimEnd().split("\n");
  });
}

/** The name, the counts, the marks, the contents. What is not counted says what it is instead. */
function cellsOf({ name, counts, marks, contents, change }: Box): string[] {
  if (change === "gone") return [name, "freed", "", "", ""];
  const [first, second] = counts.map((count) => `${count.name} ${countText(count)}`);
  const [kind = "", ...others] = marks;
  if (first === undefined) return [name, kind, "", others.join(" "), contents];
  return [name, first, second ?? "", marks.join(" "), contents];
}

/** Who has a share in a box: processes, then holders, then the caches. */
function labelsOf(owners: readonly Owner[], box: Box): string[] {
  if (box.change === "gone") return [];
  const kinds = ["process", "holder", "cache"] as const;
  return kinds.flatMap((kind) => owners.filter((owner) => owner.kind === kind)).flatMap((owner) =>
    owner.shares.filter(({ to }) => to === box.name).map((share) => labelOf(owner, share, box))
  );
}

function labelOf({ name, kind }: Owner, share: Share, box: Box): string {
  const { address, bits, before, change } = share;
  const sign = change === "gone" ? "-" : change === "new" && box.change !== "new" ? "+" : "";
  const moved = before && before.to !== share.to;
  const now = before && !moved && before.bits !== bits ? `${before.bits}→${bits}` : bits;
  const where = kind === "process" ? address : undefined;
  const words = [name, where, now, moved && `(from ${before.to})`];
  return sign + words.filter((word) => word).join(" ");
}

function verdictLines({ verdicts }: Picture, columns: number): string[] {
  return verdicts.flatMap((verdict) => wrapWords(verdictText(verdict).split(" "), 2, columns));
}

/** Joins with commas, and breaks after one where the line would be wider than a picture may be. */
function wrapList(items: readonly string[], indent: number, columns: number): string {
  const last = items.length - 1;
  const parts = items.map((item, i) => item + (i < last ? "," : ""));
  return wrapWords(parts, 0, columns - indent).join(`\n${" ".repeat(indent)}`);
}

/** Lines of words, each but the first indented. */
export function wrapWords(words: readonly string[], indent: number, columns: number): string[] {
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line.trim() && line.length + 1 + word.length > columns) {
      lines.push(" ".repeat(indent) + word);
    } else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
