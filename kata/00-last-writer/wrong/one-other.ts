// Believed: one mapping is the writer's and one may be left over, so up to two are harmless.
// Rejected by: of two processes, one with a device, the one that writes first gets a copy
import type { Frame } from "sim";

export function wpCanReuse(page: Frame): boolean {
  const spare = 1;
  return page.mapcount <= 1 + spare;
}
