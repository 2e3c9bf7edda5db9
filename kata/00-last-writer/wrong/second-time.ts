// Believed: the first write to a shared frame copies, so the second one must be the last.
// Rejected by: of three processes, the one that writes second gets a copy as well
import type { Frame } from "sim";

const counted = new WeakMap<Frame, number>();

export function wpCanReuse(page: Frame): boolean {
  const writes = (counted.get(page) ?? 0) + 1;
  counted.set(page, writes);
  return writes > 1;
}
