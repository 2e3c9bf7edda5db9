/**
 * An adapter that holds pages and moves data to and from them. It knows frames, not addresses: no page table stands
 * between it and memory, so what it writes goes to the frame that it was given, whoever maps that frame by now.
 * Left out: the IOMMU, cache coherence, the order of transfers.
 *
 * @module
 */

import { KernelBug } from "../errno.ts";
import type { Machine } from "../machine.ts";
import { readFrame, writeFrame } from "../mm/page.ts";
import { type Contents, type Frame, PAGE_SIZE } from "../state.ts";

/** Writes at `offset` bytes into the pages that `holder` holds, in the order in which it got them. */
export function dmaWrite(m: Machine, holder: string, offset: number, bytes: Contents): void {
  for (let done = 0; done < bytes.length;) {
    const inPage = (offset + done) % PAGE_SIZE;
    const part = bytes.slice(done, done + PAGE_SIZE - inPage);
    writeFrame(m, held(m, holder, offset + done), inPage, part, holder);
    done += part.length;
  }
}

/** Reads `length` bytes at `offset`. */
export function dmaRead(m: Machine, holder: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const inPage = (offset + done) % PAGE_SIZE;
    const part = Math.min(length - done, PAGE_SIZE - inPage);
    bytes.set(readFrame(held(m, holder, offset + done), inPage, part), done);
    done += part;
  }
  return bytes;
}

/** @throws KernelBug when the device holds no such page: a real one would write into somebody else's memory */
function held(m: Machine, holder: string, offset: number): Frame {
  const hold = m.state.holds.get(holder)?.[Math.floor(offset / PAGE_SIZE)];
  if (hold) return m.page(hold.pfn);
  throw new KernelBug(`${holder} reaches for byte ${offset} of pages that it does not hold`);
}
