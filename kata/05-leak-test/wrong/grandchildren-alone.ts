// Believed: a grandchild has its page from a child, so a family of three shows all that a family of two does.
// Rejected by: a kernel that leaks only in a family of two is caught
export * from "../solution.ts";
import { type Kernel, leaksOnce, WAYS } from "../solution.ts";

export function leaks(boot: () => Kernel): boolean {
  return WAYS.filter(({ generations }) => generations === 2)
    .some((way) => leaksOnce(boot(), way));
}
