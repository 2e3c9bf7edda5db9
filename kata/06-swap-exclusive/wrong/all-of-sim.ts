// Believed: what is not imported by name is not seen.
// Rejected by: importing
import * as sim from "sim";

export const { swapOutIsExclusive, forkKeepsSwapExclusive, swapInCanReuse } = sim.anonExclusive;
