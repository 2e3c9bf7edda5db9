// Believed: a machine has a few devices, and more references than that are a mistake in the counts.
// Rejected by: any counts, any frame, any address space, asked twice
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  const others = page.refcount - page.mapcount, devices = 8;
  return others > 0 && others <= devices;
}
