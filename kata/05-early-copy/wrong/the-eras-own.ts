// Believed: the simulator knows the answer, and one has only to look for it among its eras.
// Rejected by: importing
import { eras } from "sim";

export const forkMustCopy = eras.find((era) => era.name === "anon_exclusive")!.forkMustCopy;
