// Believed: a count has a few bits, and the rest is for flags.
// Rejected by: any number of mappings
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  return (page.mapcount & 0x3ff) === 1;
}
