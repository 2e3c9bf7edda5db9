// Believed: a machine of that year says what was right in it.
// Rejected by: importing
import { anonExclusive, Lab } from "sim";

export const { swapOutIsExclusive, forkKeepsSwapExclusive, swapInCanReuse } =
  new Lab(anonExclusive).era;
