// This module is browser compatible.
/**
 * What can happen to a state, and `apply`, the only function that makes it happen.
 *
 * A change is an {@linkcode Event}; the state after n events is the fold of `apply` over the first n, so a trace is a
 * film that runs both ways.
 *
 * @module
 */

import {
  type Addr,
  type FileId,
  isCounted,
  type MemoryObject,
  type MmId,
  type ObjectId,
  type Pfn,
  type Pid,
  type Pte,
  type State,
  type Vma,
  type Vpn,
} from "./state.ts";

/** A change of state, or (`op`, `note`) a word about why the changes after it happen. */
export type Event =
  /** An operation begins: a system call, an instruction, a transfer. */
  | { readonly type: "op"; readonly text: string }
  /** Why the machine decides as it does; changes nothing. */
  | { readonly type: "note"; readonly text: string }
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
  /** fork's other case: the child gets the same entries, permission and all. */
  | { readonly type: "dup"; readonly from: MmId; readonly to: MmId; readonly vpns: readonly Vpn[] }
  | { readonly type: "exclusive"; readonly pfn: Pfn; readonly value: boolean }
  | { readonly type: "has_pinned"; readonly mm: MmId }
  | { readonly type: "get"; readonly pfn: Pfn; readonly refs: number; readonly holder: string }
  /** A careless holder lets go of its references and goes on using the frames. */
  | { readonly type: "forget"; readonly holder: string }
  | { readonly type: "put"; readonly pfn: Pfn; readonly refs: number; readonly holder: string };

type Mutable<T> = T extends Uint8Array ? T
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, Mutable<V>>
  : T extends ReadonlySet<infer V> ? Set<V>
  : T extends readonly (infer V)[] ? Mutable<V>[]
  : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> }
  : T;

const EMPTY = new Uint8Array(0);

/** Applies one event. The only writer of a state: whoever wants a change emits an event. */
export function apply(state: State, event: Event): void {
  const s = state as Mutable<State>;
  switch (event.type) {
    case "op":
    case "note":
      return;
    case "mm":
      s.mms.set(event.mm, {
        id: event.mm,
        vmas: [],
        ptes: new Map(),
        hasPinned: false,
        pinnedVm: 0,
      });
      s.nextMm = event.mm + 1;
      return;
    case "task": {
      const parent = s.tasks.get(event.parent);
      const files = new Map(parent?.files);
      for (const { file } of files.values()) s.files.get(file)!.count++;
      const memlock = parent?.memlock ?? Infinity;
      s.tasks.set(event.pid, { pid: event.pid, mm: event.mm, vforkParent: 0, files, memlock });
      s.nextPid = event.pid + 1;
      return;
    }
    case "vfork":
      s.tasks.get(event.pid)!.vforkParent = event.parent;
      return;
    case "exit": {
      const { mm } = s.tasks.get(event.pid)!;
      s.tasks.delete(event.pid);
      dropMm(s, mm);
      return;
    }
    case "exec": {
      const task = s.tasks.get(event.pid)!, old = task.mm;
      task.mm = event.mm;
      dropMm(s, old);
      return;
    }
    case "rlimit":
      s.tasks.get(event.pid)!.memlock = event.memlock;
      return;
    case "charge":
      s.mms.get(event.mm)!.pinnedVm += event.pages;
      return;
    case "object":
      s.objects.set(event.id, { id: event.id, kind: event.kind, pages: new Map() });
      s.nextId = event.id + 1;
      return;
    case "object_page": {
      const object = s.objects.get(event.id)!;
      object.pages.set(event.index, event.pfn);
      s.frames.get(event.pfn)!.kind = object.kind;
      s.inFlight.delete(event.pfn);
      return;
    }
    case "open":
      s.files.set(event.file, { device: event.device, count: 1 });
      s.tasks.get(event.pid)!.files.set(event.fd, { file: event.file, cloexec: event.cloexec });
      s.nextId = event.file + 1;
      return;
    case "close": {
      const { files } = s.tasks.get(event.pid)!, { file } = files.get(event.fd)!;
      files.delete(event.fd);
      if (--s.files.get(file)!.count === 0) s.files.delete(file);
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
    case "dup": {
      const from = s.mms.get(event.from)!.ptes, to = s.mms.get(event.to)!.ptes;
      for (const vpn of event.vpns) {
        const pte = from.get(vpn)!;
        to.set(vpn, { ...pte });
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
    case "forget":
      for (const hold of s.holds.get(event.holder) ?? []) {
        drop(s, hold.pfn, hold.refs);
        hold.refs = 0;
      }
      return;
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

/** An address space goes with the last task that runs in it. */
function dropMm(s: Mutable<State>, mm: MmId): void {
  for (const task of s.tasks.values()) if (task.mm === mm) return;
  s.mms.delete(mm);
}

function map(s: Mutable<State>, pfn: Pfn): void {
  const frame = s.frames.get(pfn)!;
  if (!isCounted(frame)) return;
  frame.mapcount++;
  if (!s.inFlight.delete(pfn)) frame.refcount++;
}

function unmap(s: Mutable<State>, pfn: Pfn): void {
  const frame = s.frames.get(pfn)!;
  if (!isCounted(frame)) return;
  frame.mapcount--;
  drop(s, pfn, 1);
}

function drop(s: Mutable<State>, pfn: Pfn, refs: number): void {
  const frame = s.frames.get(pfn);
  if (!frame || refs === 0) return;
  frame.refcount -= refs;
  if (frame.refcount === 0) s.frames.delete(pfn);
}
