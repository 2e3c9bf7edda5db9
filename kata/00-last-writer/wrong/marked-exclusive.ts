// Believed: an exclusive page is protected from all writes, the owner's among them.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && !page.anonExclusive;
}
