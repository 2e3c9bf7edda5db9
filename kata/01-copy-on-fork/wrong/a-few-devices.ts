// Believed: a machine has a few devices, and more references than that are a mistake in the counts.
// Rejected by: any number of references
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  const cached = page.swap ? 1 : 0, others = page.refcount - page.mapcount - cached, devices = 8;
  return others > 0 && others <= devices;
}
