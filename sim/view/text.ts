/**
 * A state in words: a line for each frame, with its counts, its contents and everybody who owns a share in it; and one for
 * each slot of the swap area.
 *
 * @module
 */

import {
  type Frame,
  type Hold,
  isCounted,
  type Mm,
  type MmId,
  PAGE_SIZE,
  type Pfn,
  type Pid,
  type SlotId,
  type State,
  type Vpn,
} from "../state.ts";
import { GUP_PIN_COUNTING_BIAS } from "../uapi.ts";
import { bytesText } from "./contents.ts";

/** The width of every picture in text, in columns. */
export const COLUMNS = 80;

/** Somebody who keeps a frame alive: a page-table entry, or a hold. */
interface Owner {
  /** `pid 1 rw-`, with the address when more than one page is mapped; or the holder, `nic`, `nic (pin)`. */
  readonly label: string;
  readonly kind: "mapping" | "hold";
  readonly writable: boolean;
}

/** One frame, or one slot of the swap area, as pictures show it. */
export interface FrameRow {
  /** `pfn 3`, `slot 1`. */
  readonly name: string;
  /** `refcount 2`, `mapcount 1`, `exclusive`; `zero page`, whose mappings are not counted; `entries 2` of a slot. */
  readonly counts: readonly string[];
  readonly contents: string;
  readonly owners: readonly Owner[];
}

/** The frames that somebody owns, by number; the owners by pid, address, and then in the order in which they came. */
export function frameRows(state: State): FrameRow[] {
  const owners = new Map<Pfn, Owner[]>();
  const add = (pfn: Pfn, owner: Owner) => owners.set(pfn, [...owners.get(pfn) ?? [], owner]);
  const label = labeller(state);
  for (const { mm, vpn, pte } of entriesOf(state, ({ ptes }) => ptes)) {
    const text = `${label(mm, vpn)} ${pte.writable ? "rw-" : "r--"}`;
    add(pte.pfn, { label: text, kind: "mapping", writable: pte.writable });
  }
  for (const [holder, holds] of state.holds) {
    for (const hold of holds) add(hold.pfn, { ...holdOwner(holder, hold), kind: "hold" });
  }
  const cache = { label: "page cache", kind: "hold", writable: true } as const;
  for (const { kind, pages } of state.objects.values()) {
    if (kind === "device") continue;
    // A file is in the page cache as a whole; its pages that nobody uses say nothing.
    for (const pfn of pages.values()) if (kind === "shmem" || owners.has(pfn)) add(pfn, cache);
  }
  for (const { pfn } of state.slots.values()) {
    if (pfn) add(pfn, { label: "swap cache", kind: "hold", writable: false });
  }
  return [
    ...[...owners].filter(([pfn]) => state.frames.has(pfn)).sort((a, b) => a[0] - b[0]).map(
      ([pfn, list]) => frameRow(state.frames.get(pfn)!, list),
    ),
    ...slotRows(state),
  ];
}

function frameRow(frame: Frame, owners: readonly Owner[]): FrameRow {
  const counts = isCounted(frame)
    ? [`refcount ${frame.refcount}`, `mapcount ${frame.mapcount}`]
    : [`${frame.kind} page`];
  const marks = [
    ...frame.anonExclusive ? ["exclusive"] : [],
    ...frame.kind === "ksm" ? ["KSM"] : [],
    ...frame.lazyfree ? ["lazyfree"] : [],
  ];
  if (marks.length) counts.push(marks.join(" "));
  return { name: `pfn ${frame.pfn}`, counts, contents: bytesText(frame.bytes), owners };
}

/** The slots that an entry refers to. */
function slotRows(state: State): FrameRow[] {
  const label = labeller(state), owners = new Map<SlotId, Owner[]>();
  for (const { mm, vpn, pte } of entriesOf(state, ({ swapPtes }) => swapPtes)) {
    const text = `${label(mm, vpn)} swapped${pte.exclusive ? ", exclusive" : ""}`;
    const list = owners.get(pte.slot) ?? [];
    owners.set(pte.slot, [...list, { label: text, kind: "mapping", writable: false }]);
  }
  return [...owners].sort((a, b) => a[0] - b[0]).map(([id, list]) => {
    const { count, pfn, bytes } = state.slots.get(id)!;
    const contents = pfn ? `as pfn ${pfn}` : bytesText(bytes);
    return { name: `slot ${id}`, counts: [`entries ${count}`], contents, owners: list };
  });
}

/** The picture in text: aligned columns, two spaces between them; a long list of owners goes on below itself. */
export function framesText(state: State): string {
  const rows = frameRows(state);
  if (rows.length === 0) return "no frame is in use";
  const marked = rows.some((row) => row.counts.length > 2);
  const cells = rows.map((row) => [
    row.name,
    row.counts[0]!,
    row.counts[1] ?? "",
    ...marked ? [row.counts[2] ?? ""] : [],
    row.contents,
  ]);
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return rows.map((row, at) => {
    const head = cells[at]!.map((cell, i) => cell.padEnd(widths[i]!) + "  ").join("");
    const labels = row.owners.map((owner) => owner.label);
    const fits = labels.every((label) => head.length + label.length < COLUMNS);
    return fits
      ? head + wrapList(labels, head.length)
      : `${head.trimEnd()}\n    ${wrapList(labels, 4)}`;
  }).join("\n");
}

/** Every entry of one kind, by address space and page. */
function entriesOf<T>(
  state: State,
  table: (mm: Mm) => ReadonlyMap<Vpn, T>,
): { mm: Mm; vpn: Vpn; pte: T }[] {
  return [...state.mms.values()].flatMap((mm) =>
    [...table(mm)].sort((a, b) => a[0] - b[0]).map(([vpn, pte]) => ({ mm, vpn, pte }))
  );
}

/** Names an entry by the tasks that share its table, and by its address when more than one page is in use. */
function labeller(state: State): (mm: Mm, vpn: Vpn) => string {
  const vpns = new Set<Vpn>(), pids = new Map<MmId, Pid[]>();
  for (const { ptes, swapPtes } of state.mms.values()) {
    for (const vpn of [...ptes.keys(), ...swapPtes.keys()]) vpns.add(vpn);
  }
  for (const { mm, pid } of state.tasks.values()) pids.set(mm, [...pids.get(mm) ?? [], pid]);
  return (mm, vpn) => {
    const where = vpns.size === 1 ? "" : ` 0x${(vpn * PAGE_SIZE).toString(16)}`;
    return `pid ${(pids.get(mm.id) ?? []).join("+")}${where}`;
  };
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
