/**
 * Which fault counts no page table decides. x86 does not flush a translation when its entry becomes writable where it is
 * (`ptep_set_access_flags()` of arch/x86/mm/pgtable.c sets the entry, and no more), since a processor drops by itself what
 * it has faulted on. When get_user_pages has taken the fault instead, a processor that has loaded the entry before may
 * still hold it as read-only: the next store takes a fault that finds nothing to do, and `handle_pte_fault()` of
 * mm/memory.c ends it by `flush_tlb_fix_spurious_fault()`. Or it takes none, where the processor has looked again or has
 * needed the place for something else.
 * Left out: flushes of what did not change, such as MADV_FREE's of a clean page, and what a processor loads ahead of time.
 *
 * @module
 */

import { vpnOf } from "../address.ts";
import type { Event, Op } from "../event.ts";
import type { Machine } from "../machine.ts";
import type { MmId, State, Vpn } from "../state.ts";

/** The read-only translations that a processor may hold: as `loaded`, or of an entry that is `writable` by now. */
export class Translations {
  readonly #of = new Map<MmId, Map<Vpn, "loaded" | "writable">>();

  /**
   * Takes an operation that has ended, whose events begin at `from`.
   *
   * @returns whether it is a store that may have faulted once more than its page table said
   */
  take({ trace, causes, state }: Machine, from: number): boolean {
    const op = trace[from];
    if (op?.type !== "op") return false;
    const open = this.#begin(op, state);
    for (let at = from + 1; at < trace.length; at++) this.#change(trace[at]!, trace[causes[at]!]);
    this.#end(op, state);
    return open;
  }

  /** Is it a store through an entry that was not writable when it was loaded? */
  #begin({ call, args }: Op, { tasks }: State): boolean {
    const mm = tasks.get(args.pid ?? 0)?.mm ?? 0;
    if (call === "fork") this.#of.delete(mm); // dup_mmap() flushes all
    return call === "store" && this.#of.get(mm)?.get(vpnOf(args.addr!)) === "writable";
  }

  /** What was loaded is there; what was stored through was writable, or is dropped. */
  #end({ call, args }: Op, { tasks, mms }: State): void {
    const mm = mms.get(tasks.get(args.pid ?? 0)?.mm ?? 0);
    if (!mm || call !== "load" && call !== "store") return;
    const vpn = vpnOf(args.addr!), pte = mm.ptes.get(vpn);
    if (call === "store") this.#flush(mm.id, vpn);
    else if (pte && !pte.writable) {
      const own = this.#of.get(mm.id) ?? new Map();
      this.#of.set(mm.id, own.set(vpn, "loaded"));
    }
  }

  /** The entry becomes writable by a fault, which flushes nothing; or it changes otherwise, and is flushed. */
  #change(event: Event, cause: Event | undefined): void {
    switch (event.type) {
      case "protect": {
        const own = this.#of.get(event.mm);
        const faulted = cause?.type === "note" && cause.reason.at === "do_wp_page";
        if (!faulted || !event.writable) this.#flush(event.mm, event.vpn);
        else if (own?.has(event.vpn)) own.set(event.vpn, "writable");
        return;
      }
      case "set_pte":
      case "clear_pte":
        return this.#flush(event.mm, event.vpn);
      case "zap":
      case "move":
        return this.#flush(event.mm, ...event.vpns);
    }
  }

  #flush(mm: MmId, ...vpns: readonly Vpn[]): void {
    for (const vpn of vpns) this.#of.get(mm)?.delete(vpn);
  }
}
