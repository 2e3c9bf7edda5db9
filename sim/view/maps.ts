/**
 * The picture of an address space: a line for each mapping, as in /proc/PID/maps, and the flags that matter to fork.
 *
 * Drawn, a mapping is a box, from the lowest address down; mappings that touch stand on each other, and a dotted line is a
 * range that is not mapped. In a box there is a square for each page: full where a frame stands behind it, half where it is
 * swapped out, hollow where it is only promised.
 *
 * @module
 */

import { vmaText, vpnOf } from "../address.ts";
import { type Mm, PAGE_SIZE, type Pid, type State, type Vma } from "../state.ts";
import {
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_GROWSDOWN,
  VM_IO,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_WIPEONFORK,
} from "../uapi.ts";
import { processColour } from "./picture.ts";
import { box, coloured, dotted, lettersIn, LINE, line, square, svg, WIDTH } from "./svg.ts";
import { wrapWords } from "./text.ts";
import { display, type View } from "./view.ts";

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

/** What stands behind a page of a mapping. */
type Behind = "frame" | "swap" | "nothing";

/** A mapping as a picture shows it. */
interface Row {
  /** `0x7000-0x8000 rw-p`. */
  readonly text: string;
  readonly flags: readonly string[];
  readonly pages: readonly Behind[];
  /** How many pages there are beside those. */
  readonly more: number;
  /** Does it begin where the one before ends? */
  readonly touches: boolean;
}

/** The mappings of a process, in order of address. */
export function maps(state: State, pid: Pid): View {
  const task = state.tasks.get(pid), mm = task && state.mms.get(task.mm);
  const rows = mm?.vmas.map((vma, at) => rowOf(mm, vma, mm.vmas[at - 1])) ?? [];
  const text = rows.map(({ text, flags }) => [text, ...flags].join("  ")).join("\n") ||
    `pid ${pid} maps nothing`;
  return display(text, drawing(pid, rows));
}

/** The most pages that are drawn of a mapping. */
const MOST = 12;

function rowOf({ ptes, swapPtes }: Mm, vma: Vma, before: Vma | undefined): Row {
  const first = vpnOf(vma.start), count = (vma.end - vma.start) / PAGE_SIZE;
  const pages = Array.from(
    { length: Math.min(count, MOST) },
    (_, i): Behind => ptes.has(first + i) ? "frame" : swapPtes.has(first + i) ? "swap" : "nothing",
  );
  const flags = FLAGS.flatMap(([bit, name]) => vma.flags & bit ? [name] : []);
  const touches = before?.end === vma.start;
  return { text: vmaText(vma), flags, pages, more: count - pages.length, touches };
}

const EDGE = 1.5, PAD = 8, APART = 16, SQUARE = 15;

function drawing(pid: Pid, rows: readonly Row[]): string {
  const parts: string[] = [], wide = WIDTH - 2 * EDGE, text = EDGE + PAD;
  if (rows.length === 0) {
    parts.push(
      box(EDGE, EDGE, wide, LINE + 12, { dash: "5 4" }),
      line(text, EDGE + LINE + 1, [{ text: `pid ${pid}`, bold: true }, { text: " maps nothing" }]),
    );
    const name = `pid ${pid} maps nothing`;
    return svg([coloured(processColour(pid), parts)], LINE + 12 + 2 * EDGE, name);
  }
  parts.push(line(EDGE, 14, [{ text: `pid ${pid}`, bold: true }, { text: " maps" }]));
  let y = 14 + 8;
  for (const { text: range, flags, pages, more, touches } of rows) {
    if (!touches && y > 22) parts.push(dotted(text + 5, y + 2, APART - 2));
    y += touches || y === 22 ? 0 : APART;
    const after = text + pages.length * SQUARE + 6;
    const words = [...more > 0 ? [`and ${more.toLocaleString("en")} more`] : [], ...flags];
    const beside = wrapWords(words, 0, lettersIn(WIDTH - PAD - after));
    const height = (1 + beside.length) * LINE + 8;
    parts.push(
      box(EDGE, y, wide, height, { width: flags.length > 0 ? 2.4 : 1.3 }),
      line(text, y + LINE, [{ text: range }]),
      ...pages.map((behind, i) => square(text + i * SQUARE, y + LINE + 8, behind)),
      ...beside.map((said, i) =>
        line(after, y + LINE * (i + 2) - 1, said ? [{ text: said, bold: true }] : [])
      ),
    );
    y += height;
  }
  const pages = rows.reduce((sum, row) => sum + row.pages.length + row.more, 0);
  const mappings = `${rows.length} mapping${rows.length === 1 ? "" : "s"}`;
  const name = `pid ${pid}: ${mappings}, ${pages.toLocaleString("en")} page${
    pages === 1 ? "" : "s"
  }`;
  return svg([coloured(processColour(pid), parts)], y + EDGE, name);
}
