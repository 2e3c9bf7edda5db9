// Believed: what Roland Dreier thought of for half-used pages, PROT_ALWAYSCOPY (29 April 2005), is right for every page.
// Rejected by: a frame that only the process refers to is shared
import type { Frame, Mm } from "sim";

export function forkMustCopy(_page: Frame, _mm: Mm): boolean {
  return true;
}
