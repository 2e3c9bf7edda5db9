/**
 * The picture of an address space: a line for each mapping, as in /proc/PID/maps, and the flags that matter to fork.
 *
 * @module
 */

import { vmaText } from "../address.ts";
import type { Pid, State, Vma } from "../state.ts";
import {
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_GROWSDOWN,
  VM_IO,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_WIPEONFORK,
} from "../uapi.ts";
import { escapeXml } from "./svg.ts";
import type { View } from "./view.ts";

/** Linux's names, without the VM_, of the flags that are shown. */
const FLAGS: readonly [number, string][] = [
  [VM_DONTCOPY, "DONTCOPY"],
  [VM_WIPEONFORK, "WIPEONFORK"],
  [VM_COPYONFORK, "COPYONFORK"],
  [VM_GROWSDOWN, "GROWSDOWN"],
  [VM_LOCKED, "LOCKED"],
  [VM_MERGEABLE, "MERGEABLE"],
  [VM_IO, "IO"],
];

/** The mappings of a process, in order of address. */
export function maps(state: State, pid: Pid): View {
  const task = state.tasks.get(pid), vmas = task ? state.mms.get(task.mm)!.vmas : [];
  const text = vmas.map((vma) => [vmaText(vma), ...flagNames(vma)].join("  ")).join("\n") ||
    `pid ${pid} maps nothing`;
  const svg = drawing(vmas, text);
  return {
    toString: () => text,
    [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": svg }),
  };
}

function flagNames({ flags }: Vma): string[] {
  return FLAGS.flatMap(([bit, name]) => flags & bit ? [name] : []);
}

const WIDTH = 640, ROW = 34, BAR = { x: 250, width: 389 };

/** A row for each mapping; the bar shows where it lies in what the process maps, thick where it carries a flag. */
function drawing(vmas: readonly Vma[], text: string): string {
  const rows = vmas.map((vma, i) => {
    const low = vmas[0]!.start, scale = BAR.width / (vmas.at(-1)!.end - low);
    const x = BAR.x + (vma.start - low) * scale, width = (vma.end - vma.start) * scale;
    const y = 1 + i * ROW, names = flagNames(vma).join(" ");
    return `<text x="2" y="${y + 17}" xml:space="preserve">${escapeXml(vmaText(vma))}</text>` +
      `<rect x="${x}" y="${y}" width="${width}" height="26" rx="3" fill="none" stroke="currentColor"` +
      `${names ? ` stroke-width="2.2"` : ""}/>` +
      (names ? `<text x="${x + 8}" y="${y + 17}" font-size="11">${names}</text>` : "");
  });
  const height = Math.max(1, vmas.length) * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `role="img" aria-label="${
      escapeXml(text)
    }" font-family="ui-monospace, monospace" font-size="13" ` +
    `fill="currentColor">${rows.join("")}</svg>`;
}
