// Believed: a page so far out in the swap area was shared before this process began.
// Rejected by: what else is known of a frame is not asked
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return page.mapcount === 1 && page.swap < 2 ** 24;
}
