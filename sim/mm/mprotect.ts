/**
 * Changing what a mapping allows. Models mm/mprotect.c.
 * Left out: protection keys; PROT_NONE's own page-table bit (here the mapping forbids, and the entry stays).
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { mapsText } from "../address.ts";
import type { Machine, Path } from "../machine.ts";
import { type Addr, type Mm, type Vma } from "../state.ts";
import {
  FOLL_FORCE,
  FOLL_WRITE,
  PROT_ALWAYSCOPY,
  PROT_DONTCOPY,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_READ,
  PROT_SEM,
  PROT_WRITE,
  VM_ACCOUNT,
  VM_COPYONFORK,
  VM_DONTCOPY,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_LOCKED,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from "../uapi.ts";
import { populate_vma_page_range } from "./gup.ts";
import { entriesOf } from "./memory.ts";
import { calc_vm_prot_bits, pageRange } from "./mmap.ts";
import { PageAnonExclusive } from "./page.ts";
import { vma_modify_flags } from "./vma.ts";

type Range = ReturnType<typeof pageRange>;

const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

/**
 * Sets the protection of a range, with the mmap_lock held for write. Models `do_mprotect_pkey()`.
 *
 * @throws Errno EINVAL for an unaligned address, an unknown bit, both GROWS bits, or PROT_GROWSDOWN where the mapping
 * does not grow; EACCES for a permission that the mapping may not be given; ENOMEM for a page that is not mapped (what
 * lies before it is changed)
 */
export function* sys_mprotect(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  prot: number,
): Path<void> {
  const range = pageRange("mprotect", addr, pages);
  const known = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_GROWSDOWN | PROT_GROWSUP |
    (m.proposals.PROT_DONTCOPY ? PROT_DONTCOPY : 0) |
    (m.proposals.PROT_ALWAYSCOPY ? PROT_ALWAYSCOPY : 0);
  const grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
  if (prot & ~known || grows === (PROT_GROWSDOWN | PROT_GROWSUP)) {
    throw new Errno("EINVAL", `mprotect: this kernel has no protection 0x${prot.toString(16)}`);
  }
  if (range.start === range.end) return;
  yield* m.locked(mm, "write", changeRange(m, mm, range, prot));
}

function* changeRange(m: Machine, mm: Mm, range: Range, prot: number): Path<void> {
  const grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
  const from = grows ? startOfGrowing(mm, range, grows) : range.start;
  for (let at = from; at < range.end;) {
    const vma = m.vma(mm, at);
    if (!vma) {
      const hole = `mprotect: nothing is mapped at 0x${at.toString(16)}: ${mapsText(mm)}`;
      throw new Errno("ENOMEM", hole);
    }
    const end = Math.min(vma.end, range.end);
    yield* mprotect_fixup(m, mm, vma, at, end, newFlags(m, vma, prot));
    at = end;
  }
}

/** PROT_GROWSDOWN says where the range begins, and is no protection: at the start of the mapping that grows. */
function startOfGrowing(mm: Mm, range: Range, grows: number): Addr {
  const vma = mm.vmas.find((vma) => vma.end > range.start);
  if (!vma || vma.start >= range.end) {
    throw new Errno("ENOMEM", `mprotect: nothing is mapped in the range: ${mapsText(mm)}`);
  }
  if (grows === PROT_GROWSDOWN && vma.flags & VM_GROWSDOWN) return vma.start;
  throw new Errno(
    "EINVAL",
    `mprotect: the mapping at 0x${vma.start.toString(16)} does not grow so`,
  );
}

/**
 * The new `vm_flags`. A permission needs its VM_MAY bit, which stands four bits above it; shifting brings the two
 * together, and the mask leaves everything out that is no permission, VM_DONTCOPY for one.
 */
function newFlags(m: Machine, vma: Vma, prot: number): number {
  const set = ACCESS | (m.proposals.PROT_DONTCOPY ? VM_DONTCOPY : 0) |
    (m.proposals.PROT_ALWAYSCOPY ? VM_COPYONFORK : 0);
  const newflags = calc_vm_prot_bits(m, prot) | (vma.flags & ~set);
  if (newflags & ~(newflags >> 4) & ACCESS) {
    throw new Errno("EACCES", `mprotect: the mapping may not be given 0x${prot.toString(16)}`);
  }
  return newflags;
}

/** The part of one mapping. One that is locked and becomes writable is written to, so that nothing is left to copy. */
function* mprotect_fixup(
  m: Machine,
  mm: Mm,
  vma: Vma,
  start: Addr,
  end: Addr,
  flags: number,
): Path<void> {
  if (flags === vma.flags) return; // the same as before: not even a split
  const account = accounted(vma, flags);
  vma_modify_flags(m, mm, start, end, () => flags & ~VM_ACCOUNT | account);
  if ((flags ^ vma.flags) & ACCESS) change_pte_range(m, mm, start, end, flags);
  const populates = (vma.flags & (VM_WRITE | VM_SHARED | VM_LOCKED)) === VM_LOCKED;
  if (populates && flags & VM_WRITE) {
    try {
      yield* populate_vma_page_range(m, mm, start, end, FOLL_WRITE | FOLL_FORCE);
    } catch (error) {
      // mprotect() answers what it did to the mapping, and does not look at what this comes to.
      if (!(error instanceof Errno)) throw error;
    }
  }
}

/**
 * A private mapping that becomes writable is accounted for, and no more once it is not, as long as it never had a page.
 * The flag counts when mappings merge. The second half was seen on 6.18; since when it is so was not looked at.
 */
function accounted(vma: Vma, flags: number): number {
  if (flags & VM_WRITE) return vma.flags & VM_SHARED ? 0 : VM_ACCOUNT;
  return vma.object || vma.anonVma ? vma.flags & VM_ACCOUNT : 0;
}

/**
 * Taking the write permission away write-protects every entry. Giving it back makes an entry of a shared mapping
 * writable at once, and a private one only where the frame is known to be exclusive; any other waits for its write
 * fault to decide.
 *
 * Models `can_change_pte_writable()`; see {@linkcode Era.mprotectUpgrades}.
 */
function change_pte_range(m: Machine, mm: Mm, start: Addr, end: Addr, flags: number): void {
  const writable = (flags & VM_WRITE) !== 0;
  for (const [vpn, pte] of entriesOf(mm, { start, end })) {
    const upgrades = m.era.mprotectUpgrades && PageAnonExclusive(m.page(pte.pfn));
    const may = (flags & VM_SHARED) !== 0 || upgrades;
    if (pte.writable ? !writable : writable && may) {
      m.emit({ type: "protect", mm: mm.id, vpn, writable, dirty: pte.dirty });
    }
  }
}
