/**
 * Addresses, and how errors and pictures write what is mapped there.
 *
 * @module
 */

import { type Addr, type Mm, PAGE_SIZE, type Vma, type Vpn } from "./state.ts";
import { VM_EXEC, VM_READ, VM_SHARED, VM_WRITE } from "./uapi.ts";

/** The page number of an address. */
export function vpnOf(addr: Addr): Vpn {
  return Math.floor(addr / PAGE_SIZE);
}

/** How far into its page an address lies: the low bits, which are there whatever its size. */
export function offset_in_page(addr: Addr): number {
  return addr & (PAGE_SIZE - 1);
}

/** `0x7000-0x8000 rw-p`, the start of the line of /proc/PID/maps. */
export function vmaText(vma: Vma): string {
  const bits = ([[VM_READ, "r"], [VM_WRITE, "w"], [VM_EXEC, "x"]] as const)
    .map(([bit, letter]) => vma.flags & bit ? letter : "-").join("");
  const shared = vma.flags & VM_SHARED ? "s" : "p";
  return `0x${vma.start.toString(16)}-0x${vma.end.toString(16)} ${bits}${shared}`;
}

/** What a process maps, for error messages. */
export function mapsText(mm: Mm): string {
  return mm.vmas.map(vmaText).join(", ") || "nothing";
}
