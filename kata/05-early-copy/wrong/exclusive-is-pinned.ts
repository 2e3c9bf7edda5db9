// Believed: a page is made exclusive for the sake of pins, so in a process that pins, exclusive pages are pinned.
// Rejected by: the page beside a pinned one is shared
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, mm: Mm): boolean {
  return mm.hasPinned && page.anonExclusive;
}
