/**
 * The words of a scene's lines: pages, numbers, processes, protections, advice.
 *
 * @module
 */

import { type Addr, PAGE_SIZE } from "../state.ts";
import * as uapi from "../uapi.ts";

/** A process of a scene. */
export const SLOT = /^P\d$/;

const ADVICE: Record<string, number> = {
  dontneed: uapi.MADV_DONTNEED,
  free: uapi.MADV_FREE,
  dontfork: uapi.MADV_DONTFORK,
  dofork: uapi.MADV_DOFORK,
  wipeonfork: uapi.MADV_WIPEONFORK,
  keeponfork: uapi.MADV_KEEPONFORK,
  mergeable: uapi.MADV_MERGEABLE,
  unmergeable: uapi.MADV_UNMERGEABLE,
  cold: uapi.MADV_COLD,
  pageout: uapi.MADV_PAGEOUT,
  populate_read: uapi.MADV_POPULATE_READ,
  populate_write: uapi.MADV_POPULATE_WRITE,
};
/** Advice about huge pages, which the machine does not have. */
const HUGE = /^(?:hugepage|nohugepage|collapse)$/;
/** Protections by their names. */
export const PROT: Record<string, number> = {
  r: uapi.PROT_READ,
  rw: uapi.PROT_READ | uapi.PROT_WRITE,
  none: uapi.PROT_NONE,
};

/** Advice by its name; undefined where the machine does not have it. @throws SyntaxError */
export function adviceNamed(text: string): number | undefined {
  const advice = ADVICE[text];
  if (advice === undefined && !HUGE.test(text)) throw new SyntaxError(`no advice "${text}"`);
  return advice;
}

/** `a0`, or `a0+64` for another byte of it. Regions lie a GiB apart, so that none is ever merged with another. */
export function address(page: string): Addr {
  const [, region, index, offset = "0"] = page.match(/^([a-z])(\d+)(?:\+(\d+))?$/) ?? [];
  if (!region || Number(offset) >= PAGE_SIZE) {
    throw new SyntaxError(`"${page}" is no page, such as a0`);
  }
  return (region.charCodeAt(0) - 96) * 2 ** 30 + Number(index) * PAGE_SIZE + Number(offset);
}

/** A count, a value, the number of a ring or of a pipe. @throws SyntaxError */
export function number(text: string): number {
  if (!/^\d+$/.test(text)) throw new SyntaxError(`"${text}" is no number`);
  return Number(text);
}

/** A process that need not live. @throws SyntaxError */
export function slotNamed(text: string): string {
  if (!SLOT.test(text)) throw new SyntaxError(`"${text}" is no process, such as P1`);
  return text;
}

/** What mprot sets. @throws SyntaxError */
export function protection(text: string): number {
  const prot = PROT[text];
  if (prot === undefined) throw new SyntaxError(`"${text}" is no protection: r, rw or none`);
  return prot;
}

/** How a scene calls a page, `a0`; an address in hex where it has no name for it. */
export function pageName(addr: Addr): string {
  const region = Math.floor(addr / 2 ** 30), index = (addr % 2 ** 30) / PAGE_SIZE;
  return region >= 1 && region <= 26
    ? `${String.fromCharCode(96 + region)}${Math.floor(index)}`
    : `0x${addr.toString(16)}`;
}
