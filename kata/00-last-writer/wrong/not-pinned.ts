// Believed: a thousand references and more are a pin, and a pinned frame must be left alone.
// Rejected by: one mapping, and any number of references
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  const pinned = page.refcount >= 1024;
  return page.mapcount === 1 && !pinned;
}
