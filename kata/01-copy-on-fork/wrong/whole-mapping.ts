// Believed: the mapping is what is inherited, so the mapping is marked: M. Tsirkin's VM_COPYONFORK, 26 July 2005.
// Rejected by: the next page of the same mapping is shared
import { type Frame, type Mm, PAGE_SIZE } from "sim";

const VM_COPYONFORK = new WeakMap<Mm, Set<number>>();

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const [vpn] = [...mm.ptes].find(([, pte]) => pte.pfn === page.pfn)!;
  const vma = mm.vmas.find((one) => one.end > vpn * PAGE_SIZE)!;
  const marked = VM_COPYONFORK.get(mm) ?? new Set();
  VM_COPYONFORK.set(mm, marked);
  if (page.refcount > page.mapcount) marked.add(vma.start);
  return marked.has(vma.start);
}
