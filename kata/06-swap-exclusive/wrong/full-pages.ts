// Believed: a page that is full was received from somebody, who has it as well.
// Rejected by: a page that goes out with anything in it comes back as it was
export * from "../solution.ts";
import type { Frame } from "sim";
import { swapOutIsExclusive as right } from "../solution.ts";

export function swapOutIsExclusive(page: Frame): boolean {
  return right(page) && page.bytes.length <= 10;
}
