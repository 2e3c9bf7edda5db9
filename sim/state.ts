// This module is browser compatible.
/**
 * What the machine is made of, and `apply`, the only function that changes it.
 *
 * Models `struct page`, `pte_t`, `struct vm_area_struct`, `struct mm_struct` and `struct task_struct`.
 * A change is an {@linkcode Event}; the state after n events is the fold of `apply` over the first n, so a
 * trace is a film that runs both ways.
 * Left out: large folios, hugetlb, swap, the page cache, NUMA, page-table levels.
 *
 * @module
 */

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

/** Bytes in a page, `1 << 12`. */
export const PAGE_SIZE = 4096;
/** The frame that a read of an untouched anonymous page maps, `ZERO_PAGE(0)`: never written, its mappings not counted. */
export const ZERO_PFN: Pfn = 0;

/** Linux's bits of `vma->vm_flags`, include/linux/mm.h. */
export const VM_READ = 0x1, VM_WRITE = 0x2, VM_EXEC = 0x4, VM_SHARED = 0x8;
/** What `mprotect` may still grant, include/linux/mm.h. */
export const VM_MAYREAD = 0x10, VM_MAYWRITE = 0x20, VM_MAYEXEC = 0x40, VM_MAYSHARE = 0x80;

/** What a mapping allows, include/uapi/asm-generic/mman-common.h. */
export const PROT_NONE = 0x0, PROT_READ = 0x1, PROT_WRITE = 0x2;
/** What get_user_pages is asked for; the kernel's internal values moved over time, these are those of 7.2. */
export const FOLL_WRITE = 1 << 0, FOLL_GET = 1 << 1, FOLL_PIN = 1 << 19;
/** What one FOLL_PIN adds to the refcount of a small folio, include/linux/mm.h. */
export const GUP_PIN_COUNTING_BIAS = 1 << 10;

/** A frame of memory: `struct page`. `mapcount` counts page-table entries from 0 (the kernel's `_mapcount` from -1). */
export interface Frame {
  /** Its number, and its identity: a number is never given out twice. */
  readonly pfn: Pfn;
  /** Private memory of some process, or the zero page. */
  readonly kind: "anon" | "zero";
  /** Every mapping counts 1, every FOLL_GET 1, every FOLL_PIN `GUP_PIN_COUNTING_BIAS`. */
  readonly refcount: number;
  /** How many page-table entries point here. */
  readonly mapcount: number;
  /** `PG_anon_exclusive`: one process maps this frame, and a pin of it may trust that. */
  readonly anonExclusive: boolean;
  /** The contents up to the last byte ever written; the rest of the page is zero. Never changed in place. */
  readonly bytes: Uint8Array;
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
}

/** An address space: `struct mm_struct`. */
export interface Mm {
  /** Its name in events. */
  readonly id: MmId;
  /** Ordered by start, never overlapping. */
  readonly vmas: readonly Vma[];
  /** The page table: the entries that are present. */
  readonly ptes: ReadonlyMap<Vpn, Pte>;
  /** Set before the first FOLL_PIN of this mm and never cleared, `mm->has_pinned`; a child starts without. */
  readonly hasPinned: boolean;
}

/** A process: `struct task_struct`. */
export interface Task {
  /** Its number. */
  readonly pid: Pid;
  /** The address space that it runs in. */
  readonly mm: MmId;
}

/** A reference that something outside every page table holds: a driver, a device, a pipe. */
export interface Hold {
  /** The frame held. */
  readonly pfn: Pfn;
  /** How much of the frame's refcount is this hold's: 1 for FOLL_GET, `GUP_PIN_COUNTING_BIAS` for FOLL_PIN. */
  readonly refs: number;
}

/** Everything. Read it as you like; only {@linkcode apply} writes. */
export interface State {
  /** Every frame that has an owner, and the zero page. */
  readonly frames: ReadonlyMap<Pfn, Frame>;
  /** Every address space that some task runs in. */
  readonly mms: ReadonlyMap<MmId, Mm>;
  /** Every process alive. */
  readonly tasks: ReadonlyMap<Pid, Task>;
  /** By the holder's name, in the order in which the references were taken. */
  readonly holds: ReadonlyMap<string, readonly Hold[]>;
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
}

/** A change of state, or (`op`, `note`) a word about why the changes after it happen. */
export type Event =
  /** An operation begins: a system call, an instruction, a transfer. */
  | { readonly type: "op"; readonly text: string }
  /** Why the machine decides as it does; changes nothing. */
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "mm"; readonly mm: MmId }
  | { readonly type: "task"; readonly pid: Pid; readonly mm: MmId }
  | { readonly type: "exit"; readonly pid: Pid }
  | { readonly type: "vma_insert"; readonly mm: MmId; readonly vma: Vma }
  | { readonly type: "vma_remove"; readonly mm: MmId; readonly start: Addr }
  | {
    readonly type: "anon_vma";
    readonly mm: MmId;
    readonly start: Addr;
    readonly anonVma: number;
  }
  | { readonly type: "alloc"; readonly pfn: Pfn }
  | { readonly type: "free"; readonly pfn: Pfn }
  /** Copies the contents of a frame into one that is in flight. */
  | { readonly type: "copy"; readonly from: Pfn; readonly to: Pfn }
  | {
    readonly type: "store";
    readonly pfn: Pfn;
    readonly offset: number;
    readonly bytes: Uint8Array;
  }
  /** Points an entry at a frame. A frame in flight hands its reference over; any other gains one. */
  | { readonly type: "set_pte"; readonly mm: MmId; readonly vpn: Vpn; readonly pte: Pte }
  /** Changes the bits of a present entry, not where it points. */
  | {
    readonly type: "protect";
    readonly mm: MmId;
    readonly vpn: Vpn;
    readonly writable: boolean;
    readonly dirty: boolean;
  }
  | { readonly type: "zap"; readonly mm: MmId; readonly vpns: readonly Vpn[] }
  /** fork's ordinary case, for a run of pages: both sides read-only, one more mapping, no longer exclusive. */
  | {
    readonly type: "share";
    readonly from: MmId;
    readonly to: MmId;
    readonly vpns: readonly Vpn[];
  }
  | { readonly type: "exclusive"; readonly pfn: Pfn; readonly value: boolean }
  | { readonly type: "has_pinned"; readonly mm: MmId }
  | { readonly type: "get"; readonly pfn: Pfn; readonly refs: number; readonly holder: string }
  | { readonly type: "put"; readonly pfn: Pfn; readonly refs: number; readonly holder: string };

type Mutable<T> = T extends Uint8Array ? T
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, Mutable<V>>
  : T extends ReadonlySet<infer V> ? Set<V>
  : T extends readonly (infer V)[] ? Mutable<V>[]
  : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> }
  : T;

const EMPTY = new Uint8Array(0);

/** A machine before anything ran: the zero page, no process. */
export function emptyState(): State {
  const zero: Frame = {
    pfn: ZERO_PFN,
    kind: "zero",
    refcount: 1,
    mapcount: 0,
    anonExclusive: false,
    bytes: EMPTY,
  };
  return {
    frames: new Map([[ZERO_PFN, zero]]),
    mms: new Map(),
    tasks: new Map(),
    holds: new Map(),
    inFlight: new Set(),
    nextPfn: 1,
    nextPid: 1,
    nextMm: 1,
    nextAnonVma: 1,
  };
}

/** Applies one event. The only writer of a state: whoever wants a change emits an event. */
export function apply(state: State, event: Event): void {
  const s = state as Mutable<State>;
  switch (event.type) {
    case "op":
    case "note":
      return;
    case "mm":
      s.mms.set(event.mm, { id: event.mm, vmas: [], ptes: new Map(), hasPinned: false });
      s.nextMm = event.mm + 1;
      return;
    case "task":
      s.tasks.set(event.pid, { pid: event.pid, mm: event.mm });
      s.nextPid = event.pid + 1;
      return;
    case "exit": {
      const { mm } = s.tasks.get(event.pid)!;
      s.tasks.delete(event.pid);
      if (![...s.tasks.values()].some((task) => task.mm === mm)) s.mms.delete(mm);
      return;
    }
    case "vma_insert": {
      const { vmas } = s.mms.get(event.mm)!;
      const at = vmas.findIndex((vma) => vma.start > event.vma.start);
      vmas.splice(at < 0 ? vmas.length : at, 0, { ...event.vma });
      return;
    }
    case "vma_remove": {
      const { vmas } = s.mms.get(event.mm)!;
      vmas.splice(vmas.findIndex((vma) => vma.start === event.start), 1);
      return;
    }
    case "anon_vma": {
      s.mms.get(event.mm)!.vmas.find((vma) => vma.start === event.start)!.anonVma = event.anonVma;
      s.nextAnonVma = Math.max(s.nextAnonVma, event.anonVma + 1);
      return;
    }
    case "alloc":
      s.frames.set(event.pfn, {
        pfn: event.pfn,
        kind: "anon",
        refcount: 1,
        mapcount: 0,
        anonExclusive: false,
        bytes: EMPTY,
      });
      s.inFlight.add(event.pfn);
      s.nextPfn = event.pfn + 1;
      return;
    case "free":
      s.inFlight.delete(event.pfn);
      drop(s, event.pfn, 1);
      return;
    case "copy":
      s.frames.get(event.to)!.bytes = s.frames.get(event.from)!.bytes;
      return;
    case "store": {
      const frame = s.frames.get(event.pfn)!;
      const bytes = new Uint8Array(
        Math.max(frame.bytes.length, event.offset + event.bytes.length),
      );
      bytes.set(frame.bytes);
      bytes.set(event.bytes, event.offset);
      frame.bytes = bytes;
      return;
    }
    case "set_pte": {
      const { ptes } = s.mms.get(event.mm)!;
      const old = ptes.get(event.vpn);
      ptes.set(event.vpn, { ...event.pte });
      map(s, event.pte.pfn);
      if (old) unmap(s, old.pfn);
      return;
    }
    case "protect": {
      const pte = s.mms.get(event.mm)!.ptes.get(event.vpn)!;
      pte.writable = event.writable;
      pte.dirty = event.dirty;
      return;
    }
    case "zap": {
      const { ptes } = s.mms.get(event.mm)!;
      for (const vpn of event.vpns) {
        const { pfn } = ptes.get(vpn)!;
        ptes.delete(vpn);
        unmap(s, pfn);
      }
      return;
    }
    case "share": {
      const from = s.mms.get(event.from)!.ptes, to = s.mms.get(event.to)!.ptes;
      for (const vpn of event.vpns) {
        const pte = from.get(vpn)!;
        pte.writable = false;
        to.set(vpn, { ...pte });
        s.frames.get(pte.pfn)!.anonExclusive = false;
        map(s, pte.pfn);
      }
      return;
    }
    case "exclusive":
      s.frames.get(event.pfn)!.anonExclusive = event.value;
      return;
    case "has_pinned":
      s.mms.get(event.mm)!.hasPinned = true;
      return;
    case "get": {
      const held = s.holds.get(event.holder) ?? [];
      held.push({ pfn: event.pfn, refs: event.refs });
      s.holds.set(event.holder, held);
      s.frames.get(event.pfn)!.refcount += event.refs;
      return;
    }
    case "put": {
      const held = s.holds.get(event.holder)!;
      held.splice(
        held.findIndex((hold) => hold.pfn === event.pfn && hold.refs === event.refs),
        1,
      );
      if (held.length === 0) s.holds.delete(event.holder);
      drop(s, event.pfn, event.refs);
      return;
    }
  }
}

/** One more mapping. The zero page's are not counted, as with `pte_special` in the kernel. */
function map(s: Mutable<State>, pfn: Pfn): void {
  const frame = s.frames.get(pfn)!;
  if (frame.kind === "zero") return;
  frame.mapcount++;
  if (!s.inFlight.delete(pfn)) frame.refcount++;
}

function unmap(s: Mutable<State>, pfn: Pfn): void {
  const frame = s.frames.get(pfn)!;
  if (frame.kind === "zero") return;
  frame.mapcount--;
  drop(s, pfn, 1);
}

function drop(s: Mutable<State>, pfn: Pfn, refs: number): void {
  const frame = s.frames.get(pfn)!;
  frame.refcount -= refs;
  if (frame.refcount === 0) s.frames.delete(pfn);
}
