/**
 * `apply`, the only function that changes a state: it makes an event happen. The counts of a frame follow from what is
 * mapped, cached and held, so they are kept here and nowhere else.
 *
 * @module
 */

import type { Event } from "./event.ts";
import { mishapsOf, withCopy } from "./mishap.ts";
import {
  type Contents,
  emptyMm,
  type Frame,
  type Hold,
  isCounted,
  type Mishap,
  type Mm,
  type MmId,
  type Pfn,
  type Pte,
  type RmapItem,
  type SlotId,
  type State,
  type SwapPte,
  vmaIndex,
  type Vpn,
} from "./state.ts";

/** An entry of a page table is replaced, never changed: events and several tables may share one. */
type Mutable<T> = T extends Contents | Pte | SwapPte | readonly Mishap[] ? T
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, Mutable<V>>
  : T extends ReadonlySet<infer V> ? Set<V>
  : T extends readonly (infer V)[] ? Mutable<V>[]
  : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> }
  : T;

const EMPTY: Contents = [];

/** Applies one event. The only writer of a state: whoever wants a change emits an event. */
export function apply(state: State, event: Event): void {
  const s = state as Mutable<State>;
  switch (event.type) {
    case "op":
    case "note":
    case "saw":
      return;
    case "mm":
      s.mms.set(event.mm, emptyMm(event.mm) as Mutable<Mm>);
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
      s.objects.set(event.id, {
        id: event.id,
        kind: event.kind,
        pages: new Map(),
        absent: new Map(),
      });
      s.nextId = event.id + 1;
      return;
    case "object_page": {
      const object = s.objects.get(event.id)!;
      const frame = s.frames.get(event.pfn)!;
      object.pages.set(event.index, event.pfn);
      frame.kind = object.kind;
      frame.bytes = object.absent.get(event.index) ?? frame.bytes;
      object.absent.delete(event.index);
      s.inFlight.delete(event.pfn);
      return;
    }
    case "object_absent": {
      const object = s.objects.get(event.id)!, pfn = object.pages.get(event.index)!;
      object.absent.set(event.index, s.frames.get(pfn)!.bytes);
      object.pages.delete(event.index);
      drop(s, pfn, 1);
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
    case "vmas":
      s.mms.get(event.mm)!.vmas.splice(event.index, event.removed, ...event.vmas);
      for (const { anonVma } of event.vmas) s.nextAnonVma = Math.max(s.nextAnonVma, anonVma + 1);
      return;
    case "brk":
      s.mms.get(event.mm)!.brk = event.brk;
      return;
    case "anon_vma": {
      const { vmas } = s.mms.get(event.mm)!;
      const index = vmaIndex(vmas, event.start);
      vmas[index] = { ...vmas[index]!, anonVma: event.anonVma };
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
        swap: 0,
        lazyfree: false,
        dirty: false,
        bytes: event.from === undefined ? EMPTY : s.frames.get(event.from)!.bytes,
      });
      s.inFlight.add(event.pfn);
      s.nextPfn = event.pfn + 1;
      if (event.from !== undefined) s.mishaps = withCopy(s.mishaps, event.from, event.pfn);
      return;
    case "free":
      s.inFlight.delete(event.pfn);
      drop(s, event.pfn, 1);
      return;
    case "store": {
      const frame = s.frames.get(event.pfn)!;
      const bytes = [...frame.bytes];
      while (bytes.length < event.offset) bytes.push(0);
      for (const [i, byte] of event.bytes.entries()) bytes[event.offset + i] = byte;
      frame.bytes = bytes;
      s.mishaps = mishapsOf(s, event);
      return;
    }
    case "set_pte": {
      const { ptes, swapPtes, cleared } = s.mms.get(event.mm)!;
      const old = ptes.get(event.vpn);
      ptes.set(event.vpn, event.pte);
      if (cleared.delete(event.vpn)) return; // put back: still the same mapping
      const frame = map(s, event.pte.pfn);
      if (event.exclusive) frame.anonExclusive = true;
      if (old) unmap(s, old.pfn);
      else dropSwapPte(s, swapPtes, event.vpn);
      return;
    }
    case "protect": {
      const { ptes } = s.mms.get(event.mm)!, { pfn } = ptes.get(event.vpn)!;
      ptes.set(event.vpn, { pfn, writable: event.writable, dirty: event.dirty });
      return;
    }
    case "zap": {
      const { ptes, swapPtes } = s.mms.get(event.mm)!;
      for (const vpn of event.vpns) {
        const pte = ptes.get(vpn);
        if (!pte) {
          dropSwapPte(s, swapPtes, vpn);
          continue;
        }
        ptes.delete(vpn);
        unmap(s, pte.pfn);
      }
      return;
    }
    case "move": {
      const { ptes, swapPtes } = s.mms.get(event.mm)!;
      for (const vpn of event.vpns) {
        moveKey(ptes, vpn, vpn + event.by);
        moveKey(swapPtes, vpn, vpn + event.by);
      }
      const moved = new Set(event.vpns);
      for (const hold of [...s.holds.values()].flat()) {
        const { mm, vpn } = hold.given ?? {};
        if (mm === event.mm && moved.has(vpn!)) hold.given = { mm, vpn: vpn! + event.by };
      }
      return;
    }
    case "share":
    case "dup": {
      const from = s.mms.get(event.from)!.ptes, to = s.mms.get(event.to)!.ptes;
      let pte = from.get(event.vpn)!;
      const frame = map(s, pte.pfn);
      if (event.type === "share") {
        if (pte.writable) from.set(event.vpn, pte = { ...pte, writable: false });
        frame.anonExclusive = false;
      }
      to.set(event.vpn, pte);
      return;
    }
    case "dup_swap": {
      const from = s.mms.get(event.from)!.swapPtes, { slot } = from.get(event.vpn)!;
      const pte = { slot, exclusive: event.exclusive };
      from.set(event.vpn, pte);
      s.mms.get(event.to)!.swapPtes.set(event.vpn, pte);
      s.slots.get(slot)!.count++;
      return;
    }
    case "add_to_swap_cache": {
      const frame = s.frames.get(event.pfn)!, slot = s.slots.get(event.slot);
      if (slot) {
        frame.bytes = slot.bytes;
        slot.pfn = frame.pfn;
      } else {
        s.slots.set(event.slot, { id: event.slot, count: 0, pfn: frame.pfn, bytes: EMPTY });
      }
      frame.swap = event.slot;
      if (!s.inFlight.delete(frame.pfn)) frame.refcount++;
      s.nextSlot = Math.max(s.nextSlot, event.slot + 1);
      return;
    }
    case "delete_from_swap_cache": {
      const frame = s.frames.get(event.pfn)!, slot = s.slots.get(frame.swap)!;
      slot.bytes = frame.bytes;
      slot.pfn = 0;
      if (slot.count === 0) s.slots.delete(slot.id);
      frame.swap = 0;
      frame.dirty = true;
      drop(s, frame.pfn, 1);
      return;
    }
    case "clear_pte": {
      const { ptes, cleared } = s.mms.get(event.mm)!;
      cleared.set(event.vpn, ptes.get(event.vpn)!);
      ptes.delete(event.vpn);
      return;
    }
    case "unmap_to_swap": {
      const { swapPtes, cleared } = s.mms.get(event.mm)!, { pfn } = cleared.get(event.vpn)!;
      const frame = s.frames.get(pfn)!;
      swapPtes.set(event.vpn, { slot: frame.swap, exclusive: event.exclusive });
      s.slots.get(frame.swap)!.count++;
      frame.anonExclusive = false;
      frame.dirty = false;
      cleared.delete(event.vpn);
      unmap(s, pfn);
      return;
    }
    case "swap_read":
      s.frames.get(event.pfn)!.bytes = s.slots.get(event.slot)!.bytes;
      return;
    case "lazyfree":
      s.frames.get(event.pfn)!.lazyfree = event.value;
      return;
    case "page_dirty":
      s.frames.get(event.pfn)!.dirty = event.value;
      return;
    case "ksm_page":
      s.frames.get(event.pfn)!.kind = event.value ? "ksm" : "anon";
      s.ksm.stable.delete(event.pfn);
      return;
    case "ksm_stable":
      s.ksm.stable.delete(event.pfn);
      s.ksm.stable.add(event.pfn);
      return;
    case "ksm_unstable":
      s.ksm.stable.delete(event.pfn);
      return;
    case "ksm_mm":
      s.ksm.mms = s.ksm.mms.filter((mm) => mm !== event.mm);
      if (event.enrolled) s.ksm.mms = [...s.ksm.mms, event.mm];
      else s.ksm.items.delete(event.mm);
      return;
    case "ksm_item": {
      const items = s.ksm.items.get(event.mm) ?? new Map<Vpn, RmapItem>();
      if (event.item) items.set(event.vpn, event.item);
      else items.delete(event.vpn);
      s.ksm.items.set(event.mm, items);
      return;
    }
    case "exclusive":
      s.frames.get(event.pfn)!.anonExclusive = event.value;
      return;
    case "has_pinned":
      s.mms.get(event.mm)!.hasPinned = true;
      return;
    case "write_protect_seq":
      s.mms.get(event.mm)!.writeProtectSeq++;
      return;
    case "get":
    case "try_grab":
      if (event.type === "get") hold(s, s.holds, event.holder, [event]);
      else hold(s, s.grabbed, event.by, [event]);
      s.frames.get(event.pfn)!.refcount += event.refs;
      return;
    case "ungrab": {
      const grabbed = s.grabbed.get(event.by)!, { pfn, refs } = grabbed.pop()!;
      if (grabbed.length === 0) s.grabbed.delete(event.by);
      drop(s, pfn, refs);
      return;
    }
    case "keep":
      hold(s, s.holds, event.holder, s.grabbed.get(event.by)!);
      s.grabbed.delete(event.by);
      return;
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
  s.ksm.mms = s.ksm.mms.filter((one) => one !== mm);
  s.ksm.items.delete(mm);
}

/** A swap entry goes; with the last one goes its slot, unless a frame caches it. */
function dropSwapPte(s: Mutable<State>, swapPtes: Map<Vpn, { slot: SlotId }>, vpn: Vpn): void {
  const pte = swapPtes.get(vpn);
  if (!pte) return;
  swapPtes.delete(vpn);
  const slot = s.slots.get(pte.slot)!;
  if (--slot.count === 0 && slot.pfn === 0) s.slots.delete(slot.id);
}

function moveKey<T>(table: Map<Vpn, T>, from: Vpn, to: Vpn): void {
  const value = table.get(from);
  if (value === undefined) return;
  table.delete(from);
  table.set(to, value);
}

function hold(
  s: Mutable<State>,
  holds: Map<string, Mutable<Hold>[]>,
  holder: string,
  more: readonly Omit<Hold, "after">[],
): void {
  const held = holds.get(holder) ?? [], after = held[0]?.after ?? s.nextPid - 1;
  for (const { pfn, refs, given } of more) {
    held.push({ pfn, refs, ...given && { given }, after });
  }
  holds.set(holder, held);
}

function map(s: Mutable<State>, pfn: Pfn): Mutable<Frame> {
  const frame = s.frames.get(pfn)!;
  if (!isCounted(frame)) return frame;
  frame.mapcount++;
  if (!s.inFlight.delete(pfn)) frame.refcount++;
  return frame;
}

function unmap(s: Mutable<State>, pfn: Pfn): void {
  const frame = s.frames.get(pfn)!;
  if (!isCounted(frame)) return;
  frame.mapcount--;
  drop(s, pfn, 1);
}

function drop(s: Mutable<State>, pfn: Pfn, refs: number): void {
  const frame = s.frames.get(pfn);
  if (!frame) return;
  frame.refcount -= refs;
  if (frame.refcount > 0) return;
  s.frames.delete(pfn);
  if (frame.kind === "ksm") s.ksm.stable.delete(pfn);
}
