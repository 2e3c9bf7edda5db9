// This module is browser compatible.
/**
 * A state in words: a line for each frame, with its counts, its contents and everybody who owns a share in it.
 *
 * @module
 */

import {
  type Hold,
  isCounted,
  PAGE_SIZE,
  type Pfn,
  type Pid,
  type Pte,
  type State,
  type Vpn,
} from "../state.ts";
import { GUP_PIN_COUNTING_BIAS } from "../uapi.ts";

/** The width of every picture in text, in columns. */
export const COLUMNS = 80;

/** Somebody who keeps a frame alive: a page-table entry, or a hold. */
export interface Owner {
  /** `pid 1 rw-`, with the address when more than one page is mapped; or the holder, `nic`, `nic (pin)`. */
  readonly label: string;
  readonly kind: "mapping" | "hold";
  readonly writable: boolean;
}

/** One frame as pictures show it. */
export interface FrameRow {
  readonly pfn: Pfn;
  /** `refcount 2`, `mapcount 1`, `exclusive`; or `zero page`, `device page`, whose mappings are not counted. */
  readonly counts: readonly string[];
  readonly contents: string;
  readonly owners: readonly Owner[];
}

/** The frames that somebody owns, by number; the owners by pid, address, and then in the order in which they came. */
export function frameRows(state: State): FrameRow[] {
  const owners = new Map<Pfn, Owner[]>();
  const add = (pfn: Pfn, owner: Owner) => owners.set(pfn, [...owners.get(pfn) ?? [], owner]);
  const mappings = mappingsOf(state);
  const onePage = new Set(mappings.map(({ vpn }) => vpn)).size === 1;
  for (const { pids, vpn, pte } of mappings) {
    const where = onePage ? "" : ` 0x${(vpn * PAGE_SIZE).toString(16)}`;
    const label = `pid ${pids.join("+")}${where} ${pte.writable ? "rw-" : "r--"}`;
    add(pte.pfn, { label, kind: "mapping", writable: pte.writable });
  }
  for (const [holder, holds] of state.holds) {
    for (const hold of holds) add(hold.pfn, { ...holdOwner(holder, hold), kind: "hold" });
  }
  for (const { kind, pages } of state.objects.values()) {
    for (const pfn of kind === "shmem" ? pages.values() : []) {
      add(pfn, { label: "page cache", kind: "hold", writable: true });
    }
  }
  return [...owners].filter(([pfn]) => state.frames.has(pfn)).sort((a, b) => a[0] - b[0]).map(
    ([pfn, list]) => {
      const frame = state.frames.get(pfn)!;
      const counts = !isCounted(frame) ? [`${frame.kind} page`] : [
        `refcount ${frame.refcount}`,
        `mapcount ${frame.mapcount}`,
        ...frame.anonExclusive ? ["exclusive"] : [],
      ];
      return { pfn, counts, contents: bytesText(frame.bytes), owners: list };
    },
  );
}

/** The picture in text: aligned columns, two spaces between them; a long list of owners goes on below itself. */
export function framesText(state: State): string {
  const rows = frameRows(state);
  if (rows.length === 0) return "no frame is in use";
  const exclusive = rows.some((row) => row.counts.includes("exclusive"));
  const cells = rows.map((row) => [
    `pfn ${row.pfn}`,
    row.counts[0]!,
    row.counts[1] ?? "",
    ...exclusive ? [row.counts[2] ?? ""] : [],
    row.contents,
  ]);
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return rows.map((row, at) => {
    const head = cells[at]!.map((cell, i) => cell.padEnd(widths[i]!) + "  ").join("");
    return head + wrapList(row.owners.map((owner) => owner.label), head.length);
  }).join("\n");
}

/**
 * Contents in few characters: runs of text in quotes, other bytes in hex, `+64` before what does not start the page.
 * Two zero bytes end a run; a single one inside it is written `\0`.
 */
export function bytesText(bytes: Uint8Array): string {
  const runs: string[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    let end = at;
    while (end < bytes.length && (bytes[end] !== 0 || (bytes[end + 1] ?? 0) !== 0)) end++;
    runs.push(`${at ? `+${at} ` : ""}${runText(bytes.subarray(at, end))}`);
    at = end;
  }
  return runs.join(" ") || "zeros";
}

function runText(run: Uint8Array): string {
  if (run.some((byte) => byte !== 0 && (byte < 0x20 || byte > 0x7e))) {
    const shown = [...run.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
    return `0x${shown.join("")}${run.length > 8 ? "…" : ""}`;
  }
  const text = [...run.subarray(0, 24)]
    .map((byte) => byte === 0 ? "\\0" : String.fromCharCode(byte)).join("");
  return `"${text}${run.length > 24 ? "…" : ""}"`;
}

/** Every page-table entry, and the tasks that share the table it stands in. */
function mappingsOf(state: State): { pids: Pid[]; vpn: Vpn; pte: Pte }[] {
  const tasks = [...state.tasks.values()];
  return [...state.mms.values()].flatMap((mm) => {
    const pids = tasks.filter((task) => task.mm === mm.id).map((task) => task.pid);
    return [...mm.ptes].sort((a, b) => a[0] - b[0]).map(([vpn, pte]) => ({ pids, vpn, pte }));
  });
}

function holdOwner(holder: string, hold: Hold): { label: string; writable: boolean } {
  const pin = hold.refs === GUP_PIN_COUNTING_BIAS;
  return { label: pin ? `${holder} (pin)` : holder, writable: true };
}

/** Joins with commas, and breaks after one where the line would be wider than a picture may be. */
function wrapList(items: readonly string[], indent: number): string {
  const lines = [""];
  for (const [i, item] of items.entries()) {
    const text = item + (i < items.length - 1 ? "," : "");
    const line = lines[lines.length - 1]!;
    if (line && indent + line.length + 1 + text.length > COLUMNS) lines.push(text);
    else lines[lines.length - 1] = line ? `${line} ${text}` : text;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
