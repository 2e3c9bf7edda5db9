// Believed: a fork makes two, so that three references to a page mapped once must be bookkeeping of the kernel.
// Rejected by: every scene of the course, under each rule
export * from "../solution.ts";
import type { Frame } from "sim";

export function byPageCount(page: Frame, _swapCount: number): boolean {
  const books = 3;
  return page.refcount === 1 || page.mapcount === 1 && page.refcount === books;
}
