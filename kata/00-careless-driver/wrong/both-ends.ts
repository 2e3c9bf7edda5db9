// Believed: a buffer is known by its first page and its last, and the kernel finds those between.
// Rejected by: a buffer of many pages is registered as one of few
export * from "../solution.ts";
import { type Kernel, type Registered, release as right } from "../solution.ts";

export function release(
  kernel: Kernel,
  registered: readonly Registered[],
  open: boolean,
): Registered[] {
  const ends = registered.filter(({ mm }) => !open || !kernel.lives(mm));
  const stay = registered.filter((one) => !ends.includes(one));
  for (const { mm, pfns } of ends) {
    for (const pfn of [...pfns.slice(0, 1), ...pfns.slice(1).slice(-1)]) kernel.put_page(pfn);
    if (kernel.lives(mm)) kernel.charge(mm, -pfns.length);
  }
  return right(kernel, stay, open);
}
