// Believed: three owners are a family of three, where the grandchild's page is nobody's worry but its own.
// Rejected by: mapcount: two pages and three processes, in every short order and some long ones
export * from "../solution.ts";
import type { Frame } from "sim";

export function byMapcount(page: Frame, swapCount: number): boolean {
  const grandchild = 3;
  const owners = page.mapcount + swapCount;
  return owners === 1 || owners === grandchild && page.mapcount === 2;
}
