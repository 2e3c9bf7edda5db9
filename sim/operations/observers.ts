/**
 * What only looks, in scenes: which pages of which processes are the same frame.
 *
 * @module
 */

import type { Host } from "../host.ts";
import { atomic } from "../machine.ts";
import { type Addr, PAGE_SIZE, type Pfn, type Pid, ZERO_PFN } from "../state.ts";
import { named, operation } from "./operation.ts";

/** Operations that change nothing. */
export const observers = named({
  snap: operation({
    who: "outside",
    operands: ["addr", "pages"],
    path: () => atomic(() => {}),
    scene: {
      word: "snap",
      words: ["page", "count"],
      does: "what every process maps there",
      answers: "`P0=Ax1,- P1=S,Z`",
      answer: (m, { addr, pages }, slots) => () => snapshot(m, addr, pages, slots),
    },
  }),
  settle: operation({
    who: "outside",
    operands: [],
    path: () => atomic(() => {}),
    scene: { word: "settle", words: [], does: "lets things come to rest", answers: "`ok`" },
  }),
});

/** Which pages of which processes are the same frame, and how often each frame is mapped. */
function snapshot(
  m: Host,
  addr: Addr,
  pages: number,
  slots: ReadonlyMap<string, Pid>,
): string {
  const labels = new Map<Pfn, string>();
  const token = (pid: Pid, at: Addr): string => {
    const mm = m.mm(pid), pte = m.pte(mm, at) ?? mm.cleared.get(at / PAGE_SIZE);
    if (!pte) return mm.swapPtes.has(at / PAGE_SIZE) ? "S" : "-";
    if (pte.pfn === ZERO_PFN) return "Z";
    const { mapcount, kind } = m.page(pte.pfn);
    if (!labels.has(pte.pfn)) labels.set(pte.pfn, label(labels.size));
    const once = mapcount === 1 ? "x" : ".", file = kind === "shmem" || kind === "file";
    return `${labels.get(pte.pfn)}${once}${mapcount}${file ? "f" : ""}`;
  };
  return [...slots.keys()].sort().map((slot) => {
    const pid = slots.get(slot)!;
    const tokens = Array.from({ length: pages }, (_, i) => token(pid, addr + i * PAGE_SIZE));
    return `${slot}=${tokens.join()}`;
  }).join(" ");
}

/** A, B, …, Z, then by number. */
function label(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : `<${n}>`;
}
