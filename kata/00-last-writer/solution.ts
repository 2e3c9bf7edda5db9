import type { Frame } from "sim";

/**
 * May the process that writes keep this write-protected frame? If not, the
 * kernel gives it a copy, and everybody else keeps the frame.
 */
export function wpCanReuse(page: Frame): boolean {
  // The writer's own page-table entry is one of the mappings, so one means:
  // nobody else can read this frame through a page table. A device's reference
  // raises refcount alone. It is not asked, because a copy would take the
  // process away from the device. Whoever reads by reference can tell the
  // difference, and this rule does not care: that was CVE-2020-29374.
  return page.mapcount === 1;
}
