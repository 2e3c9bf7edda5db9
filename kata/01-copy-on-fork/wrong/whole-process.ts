// Believed: a process that uses a device is a special process: mark it, as 2020's mm->has_pinned does, and copy all it has.
// Rejected by: a page of another mapping is shared
import type { Frame, Mm } from "sim";

const hasPinned = new WeakSet<Mm>();

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  if (page.refcount > page.mapcount) hasPinned.add(mm);
  return hasPinned.has(mm);
}
