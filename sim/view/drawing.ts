/**
 * A picture as a drawing: owners on the left, each in its place and its colour; frames on the right; an arrow for each
 * share. A solid arrow is a page-table entry, a dashed one a reference that no page table knows of; a filled head may
 * write. What changed is marked by shape: the path where an entry led before stays, dotted; what is new has a thick edge;
 * what is gone is struck through; a permission that was lost is a struck letter. A cross is on the arrow that a verdict
 * is about.
 *
 * @module
 */

import { type Verdict, verdictText } from "../verdict.ts";
import { folded, REST } from "./fold.ts";
import { boxLines, rowsOf } from "./labels.ts";
import type { Box, Owner, Picture, Share } from "./picture.ts";
import {
  box as frame,
  coloured,
  cross,
  curve,
  head,
  lettersIn,
  LINE,
  line,
  type Run,
  svg,
  WIDTH,
  widthOf,
} from "./svg.ts";
import { NOTHING, wrapWords } from "./text.ts";

const GAP = 46, BETWEEN = 10, PAD = 8, EDGE = 1.5;

/** One picture as a drawing. */
export function drawing(picture: Picture): string {
  return drawings([picture])[0]!;
}

/** The pictures of a film: an owner has its place in all of them, and one width does for all. */
export function drawings(pictures: readonly Picture[]): string[] {
  const all = pictures.map(folded);
  const letters = Math.max(9, ...all.flatMap(({ owners }) => owners.map(widest)));
  const width = widthOf(letters) + 2 * PAD;
  const places = placesOf(all);
  return all.map((picture) => draw(picture, width, places));
}

/** Where each owner of a film stands, from top to bottom, and how high it ever is; the caches last, as they are. */
function placesOf(pictures: readonly Picture[]): Map<string, number> {
  const places: { key: string; height: number }[] = [];
  for (const { owners } of pictures) {
    for (const [at, owner] of owners.entries()) {
      const height = rowsOf(owner).length * LINE + 2 * 5;
      const known = places.find(({ key }) => key === owner.key);
      if (known) known.height = Math.max(known.height, height);
      else {
        const before = owners.slice(0, at).findLast(({ key }) => places.some((p) => p.key === key));
        let behind = places.findIndex(({ key }) => key === before?.key) + 1;
        const here = (key: string) => owners.some((owner) => owner.key === key);
        while (behind < places.length && !here(places[behind]!.key)) behind++;
        places.splice(behind, 0, { key: owner.key, height });
      }
    }
  }
  return new Map(places.map(({ key, height }) => [key, height]));
}

/** An arrow before it is known where it ends. */
interface Arrow {
  readonly owner: Owner;
  readonly share: Share;
  readonly y: number;
  readonly to: string;
  readonly ghost: boolean;
}

function draw(
  { owners, boxes, verdicts }: Picture,
  width: number,
  places: Map<string, number>,
): string {
  const parts: string[] = [], arrows: Arrow[] = [], left = width + EDGE, right = left + GAP;
  let y = EDGE, lowest = EDGE;
  for (const [key, height] of places) {
    const owner = owners.find((owner) => owner.key === key);
    if (owner) parts.push(ownerBox(owner, y, width, arrows));
    y += height + BETWEEN;
    if (owner) lowest = y;
  }
  let low = EDGE;
  if (boxes.length === 0) {
    const lines = wrapWords(NOTHING.split(" "), 0, lettersIn(WIDTH - right));
    parts.push(
      ...lines.map((text, i) => line(right, low + (i + 1) * LINE - 2, [{ text, quiet: true }])),
    );
    low += lines.length * LINE + BETWEEN;
  }
  const wrong = verdicts.flatMap(({ marks }) => marks), crosses: string[] = [];
  for (const one of boxes) {
    const incoming = arrows.filter(({ to }) => to === one.name).sort((a, b) => a.y - b.y);
    const lines = boxLines(one, lettersIn(WIDTH - EDGE - right - 2 * PAD));
    const height = Math.max(lines.length * LINE + 10, incoming.length * 12 + 8);
    parts.push(boxFrame(one, right, low, height, lines));
    for (const [i, arrow] of incoming.entries()) {
      const end = low + height * (i + 1) / (incoming.length + 1);
      parts.push(arrowParts(arrow, left, right, end));
      const bad = wrong.some(({ who, pfn }) => who === arrow.owner.id && one.name === `pfn ${pfn}`);
      if (bad && !arrow.ghost) crosses.push(cross(left + 10, crossing(arrow.y, end)));
    }
    low += height + BETWEEN;
  }
  let base = Math.max(lowest, low) - BETWEEN + EDGE;
  if (verdicts.length > 0) base += 8;
  for (const verdict of verdicts) {
    const said = verdictLines(verdict, base);
    parts.push(coloured(verdict.word === "whole" ? "good" : "bad", said));
    base += said.length * LINE;
  }
  return svg([...parts, ...crosses], Math.max(base, 24), nameOf({ owners, boxes, verdicts }));
}

/** How high an arrow is where its cross lies on it, near its owner's box. */
function crossing(from: number, to: number): number {
  return from + (to - from) * 0.07;
}

/** What a drawing shows, in short. */
function nameOf({ owners, boxes, verdicts }: Picture): string {
  const several = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
  const who = owners.filter(({ change }) => change !== "gone").map(({ name }) => name).join(", ");
  const frames = boxes.filter(({ change }) => change !== "gone").length;
  const shown = frames ? `${who || "nobody"}; ${several(frames, "frame")}` : NOTHING;
  return [shown, ...verdicts.map(verdictText)].join(". ");
}

function ownerBox(owner: Owner, y: number, width: number, arrows: Arrow[]): string {
  const rows = rowsOf(owner), height = rows.length * LINE + 10;
  const { kind, change } = owner, round = kind === "process" ? 4 : Math.min(height / 2, 14);
  const dash = change === "gone" ? "2 3" : kind === "process" ? undefined : "5 4";
  for (const [i, { share }] of rows.entries()) {
    if (!share) continue;
    const at = {
      owner,
      share,
      y: rows.length === 1 || rows.every((row) => !row.share || row.share === share)
        ? y + height / 2
        : y + 5 + (i + 0.5) * LINE,
    };
    const gone = share.change === "gone";
    arrows.push({ ...at, to: share.to, ghost: gone });
    if (share.before && share.before.to !== share.to) {
      arrows.push({ ...at, to: share.before.to, ghost: true });
    }
  }
  return coloured(owner.colour, [
    frame(EDGE, y, width, height, {
      round,
      ...dash && { dash },
      width: change === "new" ? 2.6 : 1.3,
    }),
    ...rows.map(({ runs }, i) => line(EDGE + PAD, y + 5 + (i + 1) * LINE - 5, runs)),
  ]);
}

function arrowParts(
  { owner, share, y, ghost }: Arrow,
  left: number,
  right: number,
  end: number,
): string {
  if (ghost) {
    return coloured(owner.colour, [
      curve([left, y], [right - 2, end], { width: 2, dash: "2 3.5", faint: true }),
    ]);
  }
  const aimed = share.change === "new" || share.before && share.before.to !== share.to;
  const width = (share.writes ? 2 : 1.3) + (aimed ? 0.9 : 0);
  const dash = owner.kind === "process" ? undefined : "5 4";
  return coloured(owner.colour, [
    curve([left, y], [right - (share.writes ? 9 : 3), end], { width, ...dash && { dash } }),
    head(right - 1, end, share.writes),
  ]);
}

function boxFrame(
  { name, change, marks }: Box,
  x: number,
  y: number,
  height: number,
  lines: Run[][],
): string {
  const dash = change === "gone" || marks.includes("freed")
    ? "2 3"
    : name === REST
    ? "5 4"
    : undefined;
  const stroke = { ...dash && { dash }, width: change === "new" ? 3 : 1.3 };
  const top = y + (height - lines.length * LINE) / 2;
  return frame(x, y, WIDTH - EDGE - x, height, stroke) +
    lines.map((runs, i) => line(x + PAD, top + (i + 1) * LINE - 5, runs)).join("");
}

/** The verdict, wrapped; what goes on stands under the word. */
function verdictLines(verdict: Verdict, base: number): string[] {
  const words = verdictText(verdict).split(" "), letters = lettersIn(WIDTH - 2 * EDGE);
  return wrapWords(words, 2, letters).map((text, i) => {
    const x = EDGE + (i === 0 ? 0 : widthOf(2));
    return line(x, base + (i + 1) * LINE - 5, [{ text: text.trim(), bold: true }]);
  });
}

/** How many letters an owner's longest line has. */
function widest(owner: Owner): number {
  return Math.max(
    ...rowsOf(owner).map(({ runs }) => runs.reduce((sum, { text }) => sum + text.length, 0)),
  );
}
