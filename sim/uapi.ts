/**
 * Numbers with Linux's names and Linux's values: what a program passes to the kernel, and the kernel's own flags.
 *
 * @module
 */

/** What a mapping allows, include/uapi/asm-generic/mman-common.h. */
export const PROT_NONE = 0x0, PROT_READ = 0x1, PROT_WRITE = 0x2, PROT_EXEC = 0x4, PROT_SEM = 0x8;
/** For mprotect: reach down, or up, to the end of a mapping that grows. */
export const PROT_GROWSDOWN = 0x01000000, PROT_GROWSUP = 0x02000000;
/** Proposed in July 2005 and never merged: the next bit after PROT_GROWSUP. */
export const PROT_DONTCOPY = 0x04000000;
/** Planned in April 2005 and never coded, so that it never had a value; ours is the next bit. */
export const PROT_ALWAYSCOPY = 0x08000000;

/** What kind of mapping, include/uapi/asm-generic/mman.h; MAP_FIXED: in place of what is there. */
export const MAP_SHARED = 0x01, MAP_PRIVATE = 0x02, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20;
/** It grows down, as a stack does; the value is that of x86. */
export const MAP_GROWSDOWN = 0x100;
/** Proposed in August 2005 and never coded, so that it never had a value; ours is a bit that was free. */
export const MAP_DONTCOPY = 0x10000000;

/** Advice to madvise, include/uapi/asm-generic/mman-common.h. */
export const MADV_NORMAL = 0, MADV_DONTNEED = 4, MADV_DONTFORK = 10, MADV_DOFORK = 11;
/** MADV_FREE gives pages up for as long as nobody writes to them; COLD and PAGEOUT put them where reclaim looks first, or out. */
export const MADV_FREE = 8, MADV_COLD = 20, MADV_PAGEOUT = 21;
/** KSM may merge the range, or may not any more. */
export const MADV_MERGEABLE = 12, MADV_UNMERGEABLE = 13;
/** Since 5.14: fault the range in, for reading or for writing. */
export const MADV_POPULATE_READ = 22, MADV_POPULATE_WRITE = 23;
/** Since 4.14: the child finds the range, and zeros in it. */
export const MADV_WIPEONFORK = 18, MADV_KEEPONFORK = 19;

/** Proposed in August 2005 and never coded, so that it never had a value; ours is a number that is free. */
export const MADV_COPYONFORK = 50;

/** Bits of `vma->vm_flags`, include/linux/mm.h. */
export const VM_READ = 0x1, VM_WRITE = 0x2, VM_EXEC = 0x4, VM_SHARED = 0x8;
/** On x86 whatever may be accessed at all may be read, include/linux/mm.h. */
export const VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
/** What mprotect may still grant. */
export const VM_MAYREAD = 0x10, VM_MAYWRITE = 0x20, VM_MAYEXEC = 0x40, VM_MAYSHARE = 0x80;
/** The mapping grows down, as a stack does. */
export const VM_GROWSDOWN = 0x100;
/** Frame numbers without a struct page behind them. */
export const VM_PFNMAP = 0x400;
/** Locked into memory. */
export const VM_LOCKED = 0x2000;
/** Device memory. */
export const VM_IO = 0x4000;
/** Not given to a child. */
export const VM_DONTCOPY = 0x20000;
/** Cannot be enlarged by mremap. */
export const VM_DONTEXPAND = 0x40000;
/** Some pages of it have a struct page behind them, some have not. */
export const VM_MIXEDMAP = 0x10000000;
/** A mapping that only its driver knows how to treat. */
export const VM_SPECIAL = VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP;
/** Memory that may be needed is promised for it: a private mapping that may be, or was, written. */
export const VM_ACCOUNT = 0x100000;
/** A child finds zeros. */
export const VM_WIPEONFORK = 0x2000000;
/** KSM may merge. It is bit 31, so flags that have it are negative numbers here; what counts is `flags & VM_MERGEABLE`. */
export const VM_MERGEABLE = 0x80000000;
/** Proposed in July 2005 and never coded, so that it never had a value; ours is a bit that was free in 2.6.12. */
export const VM_COPYONFORK = 0x4000000;

/** What get_user_pages is asked for; the kernel's internal values moved over time, these are those of 7.2. */
export const FOLL_WRITE = 1 << 0, FOLL_GET = 1 << 1, FOLL_FORCE = 1 << 3;
/** The reference is kept until somebody gives it up; the reference is a pin. */
export const FOLL_LONGTERM = 1 << 8, FOLL_PIN = 1 << 19;
/** What one FOLL_PIN adds to the refcount of a small folio, include/linux/mm.h. */
export const GUP_PIN_COUNTING_BIAS = 1 << 10;

/** Why a fault was taken, include/linux/mm_types.h. */
export const FAULT_FLAG_WRITE = 1 << 0, FAULT_FLAG_UNSHARE = 1 << 10;

/** Must a write to this mapping be kept from the others who see the same page? include/linux/mm.h `is_cow_mapping`. */
export function is_cow_mapping(flags: number): boolean {
  return (flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;
}
