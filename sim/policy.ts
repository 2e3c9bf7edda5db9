/**
 * The questions that kernels of different years answer differently. `era.ts` has the answers, `releases.ts` says which
 * kernel gives which.
 *
 * @module
 */

import type { Frame, Mm, Pte, SwapPte, Vpn } from "./state.ts";

/** A page that KSM looks at, by where it is mapped. */
export interface KsmPage {
  /** In which address space. */
  readonly mm: Mm;
  /** At which page number. */
  readonly vpn: Vpn;
}

/** What may be done to pages while they are merged. Nobody else does anything meanwhile. */
export interface KsmKernel {
  /** The frame that a page has now. */
  frame(page: KsmPage): Frame;
  /** Its page-table entry as it is now. */
  pte(page: KsmPage): Pte;
  /** Says in the story that a page is left alone, since somebody refers to its frame. */
  leaves(page: KsmPage): void;
  /** Takes the mark off its frame, which was exclusive. */
  unmarks(page: KsmPage): void;
  /** Makes its entry read-only and clean. */
  protects(page: KsmPage): void;
  /** Makes its frame one of KSM's: every write fault copies it, whatever the counts say. */
  makesKsm(page: KsmPage): void;
  /** Maps another frame for it, read-only, and gives back its reference to the one that it had. */
  maps(page: KsmPage, frame: Frame): void;
  /** Gives it a frame of its own again, where it has one of KSM's: `break_ksm()`. */
  breaks(page: KsmPage): void;
}

/** The answers of a kernel, a policy object. `page` and `mm` are only read. */
export interface Era {
  /** As the chapters and `--kernel` spell it. */
  readonly name: string;
  /** The mainline commit that began it; empty for what is older than the history. */
  readonly commit: string;
  /** The mainline releases that followed it, for people; nothing is decided by it. */
  readonly releases: string;
  /**
   * May the write fault keep this anonymous frame? Otherwise it copies. Asked in `do_wp_page`.
   *
   * @param swapCount how many swap entries refer to the frame's slot, when it is in the swap cache
   */
  wpCanReuse(page: Frame, swapCount?: number): boolean;
  /**
   * Must fork copy this frame for the child at once? Asked in `copy_present_pte`, before anything is shared. Where the
   * era does not count pins, `mm.hasPinned` is never set.
   */
  forkMustCopy(page: Frame, mm: Mm): boolean;
  /**
   * Must get_user_pages break copy-on-write even though it only reads? Asked for each page of a private mapping, and by
   * gup-fast, which looks at no mapping, for every page.
   */
  gupMustBreakCow(gup_flags: number): boolean;
  /**
   * By what does get_user_pages know the page that it may write by force, in a mapping that may not be written, whose
   * entry stays read-only? By nothing: once a write fault has broken the sharing it looks as one that only reads would,
   * `forgets`, and takes whatever is there by then. By a `dirty` entry, which such a fault leaves. Or by the mark of an
   * `exclusive` frame, for which no fault is needed. Asked in `faultin_page` and `can_follow_write_pte`.
   */
  readonly forcedWrite: "forgets" | "dirty" | "exclusive";
  /** Must a read-only pin first make the frame exclusive? Asked in `follow_page_pte`, in private mappings, and by gup-fast. */
  gupMustUnshare(page: Frame, pte: Pte, gup_flags: number): boolean;
  /** FOLL_PIN adds `GUP_PIN_COUNTING_BIAS`; before that, the machine takes a plain reference for it. */
  readonly countsPins: boolean;
  /** The kernel keeps `PG_anon_exclusive`, and the bit for it in swap entries. */
  readonly anonExclusive: boolean;
  /** An unsharing fault replaces the zero page and pages of files, too, not only anonymous ones. */
  readonly unsharesAnything: boolean;
  /** The write fault takes a frame out of the swap cache, where it can, before it asks `wpCanReuse`. */
  readonly wpDropsSwapCache: boolean;
  /** Whoever keeps a page of the swap cache takes it out of there, if no entry needs its slot: `reuse_swap_page()`. */
  readonly reuseFreesSwap: boolean;
  /** The last who maps a page that KSM merged may write to it in place. */
  readonly ksmReuse: boolean;
  /** Will the swap entry say that the page was exclusive when it went? Asked in `try_to_unmap_one`. */
  swapOutIsExclusive(page: Frame): boolean;
  /** Does a swap entry still say so, on both sides, after fork has copied it? Asked in `copy_nonpresent_pte`. */
  forkKeepsSwapExclusive(entry: SwapPte): boolean;
  /**
   * Is a page that comes back this process's alone? It is exclusive then, and a write may keep it. Asked in
   * `do_swap_page`, not for pages that KSM has merged.
   *
   * @param page not mapped yet by this entry; in the swap cache, or fresh
   * @param swapCount how many swap entries refer to its slot, this one included; 0 when it is not in the swap cache
   * @param write does a write bring it back, or any access to a locked mapping? Either takes it out of the swap cache
   */
  swapInCanReuse(page: Frame, swapCount: number, entry: SwapPte, write: boolean): boolean;
  /** A page that only this process has is mapped writable by a read that swaps it in, too. */
  readonly swapInWritesOnRead: boolean;
  /** A slot with one entry is read past the swap cache; when it has more, its neighbours are read along with it. */
  readonly swapInBypassesCache: boolean;
  /** Reclaim leaves pages alone that may be pinned; `referenced`: pages to which anybody else refers at all. */
  readonly reclaimSkips: "nothing" | "pinned" | "referenced";
  /** Reclaim drops a page that MADV_FREE gave up though somebody holds a reference to it. */
  readonly lazyfreeDespiteGet: boolean;
  /** mprotect that grants writing makes entries of exclusive frames writable at once. */
  readonly mprotectUpgrades: boolean;
  /**
   * Who gets the zero page of private memory that was never written: a load maps it; or only a get_user_pages that reads
   * is handed it, and nothing is mapped; or nobody. Whoever does not get it gets a page of its own.
   */
  readonly zeroPage: "mapped" | "referenced" | "unused";
  /** fork leaves out mappings that never had a page of their own: the child can fault for what they show. */
  readonly forkSkipsUntouched: boolean;
  /** madvise holds the mmap_lock for read, not for write, when it changes no mapping. */
  readonly madviseReads: boolean;
  /** MADV_DOFORK is refused on every VM_SPECIAL mapping, not on VM_IO alone: a driver may have set VM_DONTCOPY there. */
  readonly doforkRefusesSpecial: boolean;
  /** madvise knows MADV_POPULATE_READ and MADV_POPULATE_WRITE. */
  readonly madvPopulate: boolean;
  /** mremap to a fixed address takes a range of several mappings. */
  readonly mremapMultiVma: boolean;
  /**
   * KSM maps a merged frame for a page of the same contents, or leaves the page alone. Asked in `cmp_and_merge_page`,
   * which then looks at what the page has.
   */
  ksmMergeWith(kernel: KsmKernel, page: KsmPage, merged: Frame): void;
  /**
   * KSM gives two pages of the same contents one frame, which nobody may write to from then on, or leaves both alone.
   * Asked in `cmp_and_merge_page`, as above.
   *
   * @param twin the page that was looked at earlier in this scan
   */
  ksmMergeTwo(kernel: KsmKernel, page: KsmPage, twin: KsmPage): void;
  /** How KSM breaks a merged page up: with a write fault, or with one that leaves the entry read-only. */
  readonly ksmBreaks: "write" | "unshare";
  /** KSM passes over pages that it could not merge for a while, and asks whether a page has changed before all else. */
  readonly ksmSmartScan: boolean;
  /** There is a way to take references without the mmap_lock. */
  readonly gupFast: boolean;
  /** fork keeps gup-fast out while it copies, `mm->write_protect_seq`. */
  readonly writeProtectSeq: boolean;
  /** Whoever clears `PG_anon_exclusive` and gup-fast see each other's stores in order. */
  readonly gupFastOrdered: boolean;
  /** Direct I/O of a disk takes pins, not plain references. */
  readonly bioPins: boolean;
  /** And so does direct I/O of FUSE. */
  readonly fusePins: boolean;
  /** io_uring refuses to register what a file or shared memory backs, after it has faulted it in. */
  readonly refusesFileBuffers: boolean;
  /** RDMA registers memory for writing, with FOLL_FORCE, also where it will only be read: so that it is copied first. */
  readonly umemForcesWrite: boolean;
}

/** How a kernel was built. */
export interface Build {
  /** /proc/PID/mem does not override protections. */
  readonly refusesForce: boolean;
  /** CONFIG_MEM_SOFT_DIRTY: clearing the bits write-protects. */
  readonly softDirty: boolean;
}

/** Patches that were proposed and never merged; a kernel has none of them unless it is built so. */
export interface Proposals {
  /** R. Dreier, April 2005: a system call sets VM_DONTCOPY and takes it away. */
  readonly sys_mark_nocopy?: boolean;
  /**
   * R. Dreier, 29 April 2005: mprotect takes PROT_ALWAYSCOPY and sets VM_ALWAYSCOPY, and fork copies such a page. Here mmap
   * takes it as well, for both ask `calc_vm_prot_bits()`, and the flag is that of the other proposals, VM_COPYONFORK.
   */
  readonly PROT_ALWAYSCOPY?: boolean;
  /** M. Tsirkin, 11 August 2005: madvise takes MADV_COPYONFORK, and fork copies such a page. */
  readonly MADV_COPYONFORK?: boolean;
  /** M. Tsirkin, 19 July 2005: mmap and mprotect take PROT_DONTCOPY and set VM_DONTCOPY. */
  readonly PROT_DONTCOPY?: boolean;
  /** Named in April 2005, brought back by H. Dickins on 9 August: a flag of mmap alone. */
  readonly MAP_DONTCOPY?: boolean;
  /**
   * M. Tsirkin, 26 July 2005: get_user_pages sets VM_COPYONFORK on what it covers, and fork copies it. There never was a
   * patch; in our reading of the idea it is done for writers, "held for read" as get_user_pages is called, "held for
   * write" with every caller changed.
   */
  readonly VM_COPYONFORK?: "held for read" | "held for write";
}
