// Believed: a process that pins is a special process, and its forks may be slow.
// Rejected by: what earlier children share is shared again, though the process pins
import type { Frame, Mm } from "sim";

export function forkMustCopy(_page: Frame, mm: Mm): boolean {
  return mm.hasPinned;
}
