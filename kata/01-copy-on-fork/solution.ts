import type { Frame, Mm } from "sim";

/**
 * Must fork copy this frame for the child at once? If not, parent and child
 * share it until one of them writes.
 *
 * @param mm the address space of the process that forks
 */
export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  // An entry of a page table raises both counts, whosever it is; a device's
  // reference raises refcount alone. So what is left of refcount when the
  // mappings are taken away is the owners without a page table. How many
  // processes share the frame already makes no difference, nor does what else
  // the process has registered. The swap cache is no device: a page that was
  // swapped out stays there for a while, with one reference more.
  const cached = page.swap ? 1 : 0;
  return page.refcount > page.mapcount + cached;
}
