// On which kernels a scene was seen, as their records say.

import type { KernelRecord } from "./record.ts";
import { byVersion } from "./release.ts";

/**
 * The kernels on which a scene was seen to do what the simulator says, the oldest first: "seen on 5.10.223, 6.18.44".
 * Whether their records are stale is not asked here; `deno task evidence` fails where one is.
 */
export function seenOn(records: readonly KernelRecord[], name: string): string[] {
  return records
    .filter(({ entries }) => entries.some((one) => one.name === name && one.verdict === "agrees"))
    .map(({ release }) => release)
    .sort(byVersion);
}
