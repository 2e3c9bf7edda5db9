// Believed: the mark is for get_user_pages; the write fault has its count, which has been safe since 5.9.
// Rejected by: anon_exclusive: what was never shared is kept, whoever refers to it
export * from "../solution.ts";
import type { Frame } from "sim";

export function byExclusive(page: Frame, _swapCount: number): boolean {
  return page.refcount === 1;
}
