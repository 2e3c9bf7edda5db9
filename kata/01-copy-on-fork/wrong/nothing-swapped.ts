// Believed: a process of which pages are swapped out has no time for devices.
// Rejected by: what is known of the address space is not asked
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  const cached = page.swap ? 1 : 0;
  return mm.swapPtes.size === 0 && page.refcount > page.mapcount + cached;
}
