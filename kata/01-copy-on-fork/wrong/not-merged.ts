// Believed: what KSM has merged is shared anyway.
// Rejected by: what else is known of a frame is not asked
import type { Frame, Mm } from "sim";

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  const cached = page.swap ? 1 : 0;
  return page.refcount > page.mapcount + cached && page.kind === "anon";
}
