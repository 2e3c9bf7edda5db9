import type { Frame, Mm } from "sim";

/**
 * Must fork copy this private frame for the child at once? If not, parent and
 * child share it until one of them writes.
 *
 * @param mm the address space of the process that forks
 */
export function forkMustCopy(_page: Frame, _mm: Mm): boolean {
  // TODO: copy what a device may have pinned. So far fork shares everything.
  return false;
}
