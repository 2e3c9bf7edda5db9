// Believed: a frame that a device has once used is the device's from then on.
// Rejected by: a frame that the device has let go of is shared again
import type { Frame, Mm } from "sim";

const used = new WeakSet<Frame>();

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  if (page.refcount > page.mapcount) used.add(page);
  return used.has(page);
}
