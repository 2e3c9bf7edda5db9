// Believed: whoever faults wants to write, so let it write.
// Rejected by: of three processes, the one that writes first gets a copy
import type { Frame } from "sim";

export function wpCanReuse(_page: Frame): boolean {
  return true;
}
