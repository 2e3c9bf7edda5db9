/**
 * A state as a drawing: owners on the left, frames on the right, a line for each share. A solid line is a page-table
 * entry, thick where it may write; a dashed one is a reference that no page table knows of.
 *
 * Drawn in `currentColor`, so that it follows the page, light or dark.
 *
 * @module
 */

import type { State } from "../state.ts";
import { type FrameRow, frameRows, framesText } from "./text.ts";

const WIDTH = 640, OWNER = { x: 1, width: 190 }, FRAME = { x: 330, width: 309, height: 52 };
const ROW = 30, GAP = 14;

/** The drawing, an `<svg>` element whose accessible name is the text of the same state. */
export function framesSvg(state: State): string {
  let y = 1;
  const parts: string[] = [];
  for (const row of frameRows(state)) {
    const height = Math.max(FRAME.height, row.owners.length * ROW - (ROW - 24));
    parts.push(frameBox(row, y, height), ...row.owners.map((_, i) => ownerLine(row, i, y, height)));
    y += height + GAP;
  }
  if (parts.length === 0) {
    parts.push(text(OWNER.x, 18, framesText(state), ` opacity="0.8"`));
    y = 24 + GAP;
  }
  const height = y - GAP + 1;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `role="img" aria-label="${
      escapeXml(framesText(state))
    }" font-family="ui-monospace, monospace" font-size="13" ` +
    `fill="currentColor" stroke-linecap="round">${parts.join("")}</svg>`;
}

function frameBox(row: FrameRow, y: number, height: number): string {
  const middle = y + height / 2;
  return box(FRAME.x, y, FRAME.width, height, 3) +
    text(FRAME.x + 12, middle - 6, row.name, ` font-weight="bold"`) +
    text(
      FRAME.x + 76,
      middle - 6,
      row.contents.length > 28 ? `${row.contents.slice(0, 27)}…` : row.contents,
    ) +
    text(FRAME.x + 12, middle + 15, row.counts.join("  "), ` opacity="0.8"`);
}

/** The i-th owner's box and its line; the lines of one frame end evenly spread along its side. */
function ownerLine(row: FrameRow, i: number, y: number, height: number): string {
  const owner = row.owners[i]!, n = row.owners.length;
  const top = y + height / 2 + (i - n / 2) * ROW + (ROW - 24) / 2;
  const from = OWNER.x + OWNER.width, at = top + 12;
  const to = y + height * (i + 1) / (n + 1);
  const dash = owner.kind === "hold" ? ` stroke-dasharray="5 4"` : "";
  const width = owner.writable ? 2.2 : 1;
  return box(OWNER.x, top, OWNER.width, 24, owner.kind === "hold" ? 12 : 3, dash) +
    text(OWNER.x + 12, top + 16.5, owner.label) +
    `<path d="M${from} ${at}C${from + 60} ${at} ${FRAME.x - 70} ${to} ${
      FRAME.x - 9
    } ${to}" fill="none" ` +
    `stroke="currentColor" stroke-width="${width}"${dash}/>` +
    `<path d="M${FRAME.x - 2} ${to}l-8 -4.5v9z"/>`;
}

function box(
  x: number,
  y: number,
  width: number,
  height: number,
  round: number,
  dash = "",
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="none" ` +
    `stroke="currentColor"${dash}/>`;
}

function text(x: number, y: number, content: string, more = ""): string {
  return `<text x="${x}" y="${y}"${more} xml:space="preserve">${escapeXml(content)}</text>`;
}

/** Text for an attribute or an element. */
export function escapeXml(content: string): string {
  return content.replace(/[&<>"\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}
