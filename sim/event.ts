/**
 * What can happen to a state.
 *
 * A change is an {@linkcode Event}; the state after n events is the fold of `apply` (apply.ts) over the first n, so a
 * trace is a film that runs both ways.
 *
 * @module
 */

import type { Reason, Sight } from "./reason.ts";
import type {
  Addr,
  Contents,
  FileId,
  MemoryObject,
  MmId,
  ObjectId,
  Pfn,
  Pid,
  Place,
  Pte,
  RmapItem,
  SlotId,
  Vma,
  Vpn,
} from "./state.ts";

/** What an operation is asked with: a system call's arguments, and who transfers what. Each operation takes some of them. */
export interface Operands {
  /** Who does it. */
  readonly pid: Pid;
  /** Whose memory it is about, where that need not be the caller's own. */
  readonly target: Pid;
  /** The process, or the thread, that it starts. */
  readonly child: Pid;
  /** Where: the first page, or the first byte, of what it is about. */
  readonly addr: Addr;
  /** Where mremap moves it. */
  readonly to: Addr;
  /** How many pages. */
  readonly pages: number;
  /** How many bytes. */
  readonly length: number;
  /** RLIMIT_MEMLOCK in pages; Infinity where there is none. */
  readonly limit: number;
  /** `PROT_READ` and so on, a bit each. */
  readonly prot: number;
  /** `MAP_SHARED` and so on. */
  readonly flags: number;
  /** One of `MADV_DONTFORK` and so on. */
  readonly advice: number;
  /** `FOLL_WRITE` and so on. */
  readonly gup_flags: number;
  /** By gup-fast, as most drivers do. */
  readonly fast: boolean;
  /** Is memory marked, or is the mark taken away? */
  readonly mark: boolean;
  /** May the adapter write? */
  readonly writable: boolean;
  /** An open device, whose hardware page mmap maps where one is named. */
  readonly fd?: number;
  /** The device that is opened. */
  readonly device: string;
  /** Is the descriptor closed by exec? */
  readonly cloexec: boolean;
  /** The host's file, or a new one in memory, for mmap to map; otherwise the memory is anonymous. */
  readonly file?: "file" | "memfd";
  /** What is read or written by direct I/O: a file of FUSE, or a disk, of which a loop device is one. */
  readonly disk: "fuse" | "loop";
  /** What is stored or transferred: text goes with its terminating NUL. */
  readonly data: string | Contents;
  /** How far into what is held, in bytes. */
  readonly offset: number;
  /** One byte. */
  readonly value: number;
  /** Who holds the pages: a device, a pipe, a buffer, a transfer, a reader. */
  readonly holder: string;
  /** How often the KSM daemon goes through all memory. */
  readonly scans: number;
}

/** An operation begins: a system call, an instruction, a transfer. */
export interface Op {
  /** Which event it is. */
  readonly type: "op";
  /** A row of the table of operations, which has Linux's name where Linux has one. */
  readonly call: string;
  /** What it is asked with. */
  readonly args: Readonly<Partial<Operands>>;
  /** The line of the scene that asks for it. */
  readonly line?: string;
}

/** A change of state, or (`op`, `note`, `saw`) why the changes after it happen. */
export type Event =
  /** An operation begins. */
  | Op
  /** Why the machine decides as it does; changes nothing. */
  | { readonly type: "note"; readonly reason: Reason }
  /** What a path has seen that others may change before it acts on it: for the story of a race; changes nothing. */
  | { readonly type: "saw"; readonly sight: Sight }
  | { readonly type: "mm"; readonly mm: MmId }
  | { readonly type: "task"; readonly pid: Pid; readonly mm: MmId; readonly parent: Pid }
  /** The parent waits for this child, or waits no longer (0). */
  | { readonly type: "vfork"; readonly pid: Pid; readonly parent: Pid }
  | { readonly type: "exec"; readonly pid: Pid; readonly mm: MmId }
  | { readonly type: "rlimit"; readonly pid: Pid; readonly memlock: number }
  | { readonly type: "charge"; readonly mm: MmId; readonly pages: number }
  | { readonly type: "object"; readonly id: ObjectId; readonly kind: MemoryObject["kind"] }
  /** A frame that no process owns becomes a page of an object, which refers to it from now on. */
  | {
    readonly type: "object_page";
    readonly id: ObjectId;
    readonly index: number;
    readonly pfn: Pfn;
  }
  /** A page leaves the page cache; its contents are kept elsewhere. */
  | { readonly type: "object_absent"; readonly id: ObjectId; readonly index: number }
  | {
    readonly type: "open";
    readonly pid: Pid;
    readonly fd: number;
    readonly file: FileId;
    readonly device: string;
    readonly cloexec: boolean;
  }
  | { readonly type: "close"; readonly pid: Pid; readonly fd: number }
  | { readonly type: "exit"; readonly pid: Pid }
  /** Replaces `removed` mappings, from the one at `index` of the list, by others. */
  | {
    readonly type: "vmas";
    readonly mm: MmId;
    readonly index: number;
    readonly removed: number;
    readonly vmas: readonly Vma[];
  }
  | { readonly type: "brk"; readonly mm: MmId; readonly brk: Addr }
  | {
    readonly type: "anon_vma";
    readonly mm: MmId;
    readonly start: Addr;
    readonly anonVma: number;
  }
  /** A frame is allocated and in flight: zeroed, or with the contents of another. */
  | { readonly type: "alloc"; readonly pfn: Pfn; readonly from: Pfn | undefined }
  | { readonly type: "free"; readonly pfn: Pfn }
  | {
    readonly type: "store";
    readonly pfn: Pfn;
    readonly offset: number;
    readonly bytes: Contents;
    /** An address space, or a holder by its name; absent where the kernel fills a page. */
    readonly by?: MmId | string;
  }
  /**
   * Points an entry at a frame. A frame in flight hands its reference over; any other gains one. What the entry was
   * before, a mapping or a swap entry, lets go. The frame may become exclusive with it.
   */
  | {
    readonly type: "set_pte";
    readonly mm: MmId;
    readonly vpn: Vpn;
    readonly pte: Pte;
    readonly exclusive: boolean;
  }
  /** Changes the bits of a present entry, not where it points. */
  | {
    readonly type: "protect";
    readonly mm: MmId;
    readonly vpn: Vpn;
    readonly writable: boolean;
    readonly dirty: boolean;
  }
  /** Empties entries, present or swapped out. */
  | { readonly type: "zap"; readonly mm: MmId; readonly vpns: readonly Vpn[] }
  /** mremap: entries move `by` pages, with whatever they refer to. */
  | {
    readonly type: "move";
    readonly mm: MmId;
    readonly vpns: readonly Vpn[];
    readonly by: number;
  }
  /** fork's ordinary case: both sides read-only, one more mapping, no longer exclusive. */
  | { readonly type: "share"; readonly from: MmId; readonly to: MmId; readonly vpn: Vpn }
  /** fork's other case: the child gets the same entry, permission and all. */
  | { readonly type: "dup"; readonly from: MmId; readonly to: MmId; readonly vpn: Vpn }
  /** fork: the child gets the same swap entry; on both sides it says from now on whether it is exclusive. */
  | {
    readonly type: "dup_swap";
    readonly from: MmId;
    readonly to: MmId;
    readonly vpn: Vpn;
    readonly exclusive: boolean;
  }
  | { readonly type: "exclusive"; readonly pfn: Pfn; readonly value: boolean }
  /** A frame enters the swap cache: a slot that is there already is read into it, a new one waits for it to be written. */
  | { readonly type: "add_to_swap_cache"; readonly pfn: Pfn; readonly slot: SlotId }
  /** A frame leaves the swap cache; its slot keeps the contents if an entry still refers to it. */
  | { readonly type: "delete_from_swap_cache"; readonly pfn: Pfn }
  /** Reclaim empties a present entry; `set_pte` puts it back, or `unmap_to_swap` follows. */
  | { readonly type: "clear_pte"; readonly mm: MmId; readonly vpn: Vpn }
  /** The mapping of a frame in the swap cache, whose entry is emptied, goes and leaves a swap entry. */
  | {
    readonly type: "unmap_to_swap";
    readonly mm: MmId;
    readonly vpn: Vpn;
    readonly exclusive: boolean;
  }
  /** The contents of a slot are read into a frame in flight, past the swap cache. */
  | { readonly type: "swap_read"; readonly slot: SlotId; readonly pfn: Pfn }
  /** MADV_FREE, or the end of it. */
  | { readonly type: "lazyfree"; readonly pfn: Pfn; readonly value: boolean }
  | { readonly type: "page_dirty"; readonly pfn: Pfn; readonly value: boolean }
  /** A frame becomes one that KSM has merged, or an ordinary one again. */
  | { readonly type: "ksm_page"; readonly pfn: Pfn; readonly value: boolean }
  /** A merged frame joins the stable tree, or is found there first from now on. */
  | { readonly type: "ksm_stable"; readonly pfn: Pfn }
  /** It leaves the stable tree, as it does when it is freed or an ordinary one again: nobody joins it any more. */
  | { readonly type: "ksm_unstable"; readonly pfn: Pfn }
  /** An address space is enrolled with KSM, or struck off. */
  | { readonly type: "ksm_mm"; readonly mm: MmId; readonly enrolled: boolean }
  /** What KSM remembers of a page; without an item it forgets. */
  | {
    readonly type: "ksm_item";
    readonly mm: MmId;
    readonly vpn: Vpn;
    readonly item: RmapItem | undefined;
  }
  | { readonly type: "has_pinned"; readonly mm: MmId }
  /** fork begins to copy a page table, or has copied it. */
  | { readonly type: "write_protect_seq"; readonly mm: MmId }
  /** A path takes a reference for a while; gup-fast may keep it. */
  | {
    readonly type: "try_grab";
    readonly pfn: Pfn;
    readonly refs: number;
    readonly by: string;
    /** As which page of whom, when a holder may keep it. */
    readonly given?: Place;
  }
  /** It gives back what it has taken last. */
  | { readonly type: "ungrab"; readonly by: string }
  /** What gup-fast has taken is a holder's from now on. */
  | { readonly type: "keep"; readonly by: string; readonly holder: string }
  | {
    readonly type: "get";
    readonly pfn: Pfn;
    readonly refs: number;
    readonly holder: string;
    /** As which page of whom the holder was given it. */
    readonly given?: Place;
  }
  /** A careless holder lets go of its references and goes on using the frames. */
  | { readonly type: "forget"; readonly holder: string }
  | { readonly type: "put"; readonly pfn: Pfn; readonly refs: number; readonly holder: string };
