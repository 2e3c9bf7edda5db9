/**
 * What the machine is made of. Everything here is read-only; `apply.ts` has the one function that writes.
 *
 * Models `struct page`, `pte_t`, `struct vm_area_struct`, `struct mm_struct`, `struct task_struct` and what a mapping is
 * backed by when it is not private memory; the swap area, and what KSM remembers.
 * Left out: large folios, hugetlb, writeback, NUMA, page-table levels.
 *
 * @module
 */

import { GUP_PIN_COUNTING_BIAS } from "./uapi.ts";

/** A process id, 1 and up. */
export type Pid = number;
/** A virtual address in bytes. */
export type Addr = number;
/** A virtual page number: an address divided by {@linkcode PAGE_SIZE}. */
export type Vpn = number;
/** A page frame number. Frame 0 is the zero page. */
export type Pfn = number;
/** Names an address space; several tasks may share one. */
export type MmId = number;

/** What a page holds, from its first byte to the last that was ever written; the rest is zero. Never changed in place. */
export type Contents = readonly number[];

/** Bytes in a page, `1 << 12`. */
export const PAGE_SIZE = 4096;

/** Where a process's addresses end: `TASK_SIZE_MAX` of x86-64 with four levels of tables, arch/x86/include/asm/page_64_types.h. */
export const TASK_SIZE = 2 ** 47 - PAGE_SIZE;

/** The frame that a read of an untouched anonymous page maps, `ZERO_PAGE(0)`: never written, its mappings not counted. */
export const ZERO_PFN: Pfn = 0;

/** Where every heap begins, `mm->start_brk`: a place of its own, since no program is loaded here. */
export const START_BRK = 0x555500000000;

/** Names what a shared mapping is backed by; 0 is private anonymous memory, which has none. */
export type ObjectId = number;
/** Names an open file, `struct file`; several descriptors may refer to one. */
export type FileId = number;
/** Names a place in the swap area, `swp_entry_t`; 0 is none. */
export type SlotId = number;

/** A frame of memory: `struct page`. `mapcount` counts page-table entries from 0 (the kernel's `_mapcount` from -1). */
export interface Frame {
  /** Its number, and its identity: a number is never given out twice. */
  readonly pfn: Pfn;
  /**
   * Private memory, and what KSM merged of it; the zero page; a page of shared memory or of a file; a device's own, which
   * has no counts.
   */
  readonly kind: "anon" | "ksm" | "zero" | "shmem" | "file" | "device";
  /** Every mapping counts 1, every FOLL_GET 1, the page cache or the swap cache 1, every FOLL_PIN `GUP_PIN_COUNTING_BIAS`. */
  readonly refcount: number;
  /** How many page-table entries point here. */
  readonly mapcount: number;
  /** `PG_anon_exclusive`: one process maps this frame, and a pin of it may trust that. */
  readonly anonExclusive: boolean;
  /** The slot of the swap area whose contents this frame caches, `PG_swapcache`; 0 for none. */
  readonly swap: SlotId;
  /** MADV_FREE has given it up: reclaim may drop it unless it was written since. The kernel clears `PG_swapbacked`. */
  readonly lazyfree: boolean;
  /** `PG_dirty`: written by somebody who used no page-table entry, or no longer in step with its slot. */
  readonly dirty: boolean;
  /** What it holds. */
  readonly bytes: Contents;
}

/** A present page-table entry. */
export interface Pte {
  /** Where it points. */
  readonly pfn: Pfn;
  /** May an instruction write through it? If not, a write faults. */
  readonly writable: boolean;
  /** Was it written through? */
  readonly dirty: boolean;
}

/** A page-table entry of a page that is swapped out. */
export interface SwapPte {
  /** Where its contents are. */
  readonly slot: SlotId;
  /** `pte_swp_exclusive`: the page was exclusive when it went, and nothing has shared the entry since. */
  readonly exclusive: boolean;
}

/** A place in the swap area. */
export interface Slot {
  /** Its number; not given out twice. */
  readonly id: SlotId;
  /** How many page-table entries refer to it, `swap_map`. */
  readonly count: number;
  /** The frame that holds its contents as well, the swap cache; 0 for none. */
  readonly pfn: Pfn;
  /** The contents while no frame holds them. */
  readonly bytes: Contents;
}

/** A mapping of `start-end`, page-aligned and half-open: `struct vm_area_struct`. */
export interface Vma {
  /** The first address. */
  readonly start: Addr;
  /** The first address behind it. */
  readonly end: Addr;
  /** `VM_READ` and so on. */
  readonly flags: number;
  /** Names the `struct anon_vma` that its first private frame brought; 0 while it has none. */
  readonly anonVma: number;
  /** What backs it; 0 for private anonymous memory. */
  readonly object: ObjectId;
  /** Which page of the object `start` maps; for private memory the page number at which it was first mapped. */
  readonly pgoff: number;
  /** A child's copy of a VMA that had an anon_vma: it has the parent's in its chain as well, and merges less readily. */
  readonly cloned: boolean;
}

/** An address space: `struct mm_struct`. */
export interface Mm {
  /** Its name in events. */
  readonly id: MmId;
  /** Ordered by start, never overlapping. */
  readonly vmas: readonly Vma[];
  /** The page table: the entries that are present. */
  readonly ptes: ReadonlyMap<Vpn, Pte>;
  /** And those of pages that are swapped out. */
  readonly swapPtes: ReadonlyMap<Vpn, SwapPte>;
  /** Entries that reclaim has emptied, `ptep_clear_flush`, and will fill in again; until then they count as mappings. */
  readonly cleared: ReadonlyMap<Vpn, Pte>;
  /** The end of the heap, `mm->brk`. */
  readonly brk: Addr;
  /** Set before the first FOLL_PIN of this mm and never cleared, `mm->has_pinned`; a child starts without. */
  readonly hasPinned: boolean;
  /** `mm->write_protect_seq`: odd while fork copies the page table. */
  readonly writeProtectSeq: number;
  /** Pages that drivers have charged to this mm, `mm->pinned_vm`. */
  readonly pinnedVm: number;
}

/** A process: `struct task_struct`. */
export interface Task {
  /** Its number. */
  readonly pid: Pid;
  /** The address space that it runs in; threads, and a child of vfork, share one. */
  readonly mm: MmId;
  /** The parent that waits in vfork until this child execs or exits; 0 for none. */
  readonly vforkParent: Pid;
  /** Its descriptors. */
  readonly files: ReadonlyMap<number, Descriptor>;
  /** RLIMIT_MEMLOCK in pages. */
  readonly memlock: number;
}

/** An entry of a descriptor table. */
export interface Descriptor {
  /** The open file it refers to. */
  readonly file: FileId;
  /** Closed by exec, O_CLOEXEC. */
  readonly cloexec: boolean;
}

/** What a mapping that is not private anonymous memory shows: shared memory, the pages of a file, or those of a device. */
export interface MemoryObject {
  /** Its name in events. */
  readonly id: ObjectId;
  /** Shared memory (mm/shmem.c), a file in the page cache, or a device's pages that its driver's mmap hands out. */
  readonly kind: "shmem" | "file" | "device";
  /** The frames by page index, the page cache; for shared memory, those that were ever touched. */
  readonly pages: ReadonlyMap<number, Pfn>;
  /** What reclaim has put out of the page cache, by page index, until somebody faults it in again. */
  readonly absent: ReadonlyMap<number, Contents>;
}

/** What KSM remembers of a page that it has looked at: `struct ksm_rmap_item`. */
export interface RmapItem {
  /** The contents at the last look, which the kernel keeps as a checksum; undefined before the first. */
  readonly checksum: Contents | undefined;
  /** How many scans have looked at it without a merge. */
  readonly age: number;
  /** How many scans will still pass over it. */
  readonly skips: number;
  /** The merged frame that it was found to map, whose list it stands in until it is looked at again; 0 for none. */
  readonly head: Pfn;
}

/** The daemon's memory between scans. */
export interface Ksm {
  /** The address spaces with mergeable memory, in the order in which they enrolled. */
  readonly mms: readonly MmId[];
  /** The merged frames that others may join, the stable tree; among those of equal contents the last one is found first. */
  readonly stable: ReadonlySet<Pfn>;
  /** By address space and page. */
  readonly items: ReadonlyMap<MmId, ReadonlyMap<Vpn, RmapItem>>;
}

/** A reference that something outside every page table holds: a driver, a device, a pipe. */
export interface Hold {
  /** The frame held. */
  readonly pfn: Pfn;
  /** How much of the frame's refcount is this hold's: 1 for FOLL_GET, `GUP_PIN_COUNTING_BIAS` for FOLL_PIN. */
  readonly refs: number;
  /** The page of a process as which the holder was given the frame, wherever mremap has put it since; known of gup. */
  readonly given?: Place;
  /** How many processes there had been when the holder came: pictures give it its place behind these. */
  readonly after: Pid;
}

/** A page of an address space. */
export interface Place {
  /** Whose. */
  readonly mm: MmId;
  /** Which page. */
  readonly vpn: Vpn;
}

/** What a store did that nobody wants: no kernel keeps it, and pictures tell it. `mishap.ts` decides. */
export type Mishap =
  /** Private memory of one process was written where somebody else sees it, who did not share it by the time of a fork. */
  | {
    readonly what: "leaked";
    /** The frame, or a copy that was made of it since. */
    readonly pfn: Pfn;
    /** Whose memory it was: `pid 1`. */
    readonly of: string;
    /** The holder that wrote; undefined where the process stored. */
    readonly by: string | undefined;
    /** Who sees it: an address space, or a holder by its name. */
    readonly to: MmId | string;
  }
  /** What a holder wrote went to a frame that the process which gave it the page does not map there any more. */
  | {
    readonly what: "lost write";
    readonly pfn: Pfn;
    /** The holder. */
    readonly by: string;
    /** Where the process would have looked for it. */
    readonly given: Place;
  };

/** Everything. Read it as you like; only `apply` writes. */
export interface State {
  /** Every frame that has an owner, and the zero page. */
  readonly frames: ReadonlyMap<Pfn, Frame>;
  /** Every address space that some task runs in. */
  readonly mms: ReadonlyMap<MmId, Mm>;
  /** Every process alive. */
  readonly tasks: ReadonlyMap<Pid, Task>;
  /** By the holder's name, in the order in which the references were taken. */
  readonly holds: ReadonlyMap<string, readonly Hold[]>;
  /** References that a path holds for a while, by its name: gup-fast's until it has looked again, a fault's while it copies. */
  readonly grabbed: ReadonlyMap<string, readonly Hold[]>;
  /** What went wrong so far, each thing once. */
  readonly mishaps: readonly Mishap[];
  /** Every object that backs a mapping. */
  readonly objects: ReadonlyMap<ObjectId, MemoryObject>;
  /** The swap area: every slot that an entry or a frame refers to. */
  readonly slots: ReadonlyMap<SlotId, Slot>;
  /** What KSM remembers. */
  readonly ksm: Ksm;
  /** How many descriptors refer to each open file, and of which device it is. */
  readonly files: ReadonlyMap<FileId, { readonly device: string; readonly count: number }>;
  /** Frames that a code path has allocated and not yet mapped; their one reference is the path's. */
  readonly inFlight: ReadonlySet<Pfn>;
  /** The number that the next frame gets; numbers are not reused, so that pictures can be compared. */
  readonly nextPfn: Pfn;
  /** The number that the next process gets. */
  readonly nextPid: Pid;
  /** The number that the next address space gets. */
  readonly nextMm: MmId;
  /** The number that the next anon_vma gets. */
  readonly nextAnonVma: number;
  /** The number that the next object or open file gets. */
  readonly nextId: number;
  /** The number that the next slot of the swap area gets. */
  readonly nextSlot: SlotId;
}

/** An address space in which nothing is mapped yet. */
export function emptyMm(id: MmId): Mm {
  return {
    id,
    vmas: [],
    ptes: new Map(),
    swapPtes: new Map(),
    cleared: new Map(),
    brk: START_BRK,
    hasPinned: false,
    writeProtectSeq: 0,
    pinnedVm: 0,
  };
}

/** A machine before anything ran: the zero page, no process. */
export function emptyState(): State {
  const zero: Frame = {
    pfn: ZERO_PFN,
    kind: "zero",
    refcount: 1,
    mapcount: 0,
    anonExclusive: false,
    swap: 0,
    lazyfree: false,
    dirty: false,
    bytes: [],
  };
  return {
    frames: new Map([[ZERO_PFN, zero]]),
    mms: new Map(),
    tasks: new Map(),
    holds: new Map(),
    grabbed: new Map(),
    mishaps: [],
    objects: new Map(),
    slots: new Map(),
    ksm: { mms: [], stable: new Set(), items: new Map() },
    files: new Map(),
    inFlight: new Set(),
    nextPfn: 1,
    nextPid: 1,
    nextMm: 1,
    nextAnonVma: 1,
    nextId: 1,
    nextSlot: 1,
  };
}

/** Mappings of the zero page and of a device's pages are not counted, as with `pte_special` in the kernel. */
export function isCounted(frame: Frame): boolean {
  return frame.kind !== "zero" && frame.kind !== "device";
}

/** `PageAnon`: private memory, merged by KSM or not. */
export function PageAnon(frame: Frame): boolean {
  return frame.kind === "anon" || frame.kind === "ksm";
}

/**
 * May a device hold this frame by FOLL_PIN? 1024 plain references look the same: a false yes, never a false no. Models
 * `folio_maybe_dma_pinned()`.
 */
export function page_maybe_dma_pinned(page: Frame): boolean {
  return page.refcount >= GUP_PIN_COUNTING_BIAS;
}

/** Where a list of mappings has the first one that ends behind `addr`; its length when there is none. */
export function vmaIndex(vmas: readonly Vma[], addr: Addr): number {
  let low = 0, high = vmas.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (vmas[middle]!.end > addr) high = middle;
    else low = middle + 1;
  }
  return low;
}
