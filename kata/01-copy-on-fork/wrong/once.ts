// Believed: one copy takes the frame out of fork's way, so the next child needs none.
// Rejected by: the second child gets a copy as well
import type { Frame, Mm } from "sim";

const copied = new WeakSet<Frame>();

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  if (page.refcount === page.mapcount || copied.has(page)) return false;
  copied.add(page);
  return true;
}
