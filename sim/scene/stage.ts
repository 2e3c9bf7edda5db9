/**
 * The operations of a scene: what stands between a line of it and the machine. Each is a {@linkcode Path}, so that
 * several can be interleaved. Huge pages are answered `unavailable`.
 *
 * @module
 */

import { dma_read, dma_write } from "../devices/dma.ts";
import { Errno, Signal } from "../errno.ts";
import { check } from "../invariant.ts";
import { Machine, type Path } from "../machine.ts";
import { direct_io_delivered, direct_io_fetched, direct_io_start } from "../mm/direct_io.ts";
import { address, adviceNamed, number, PROT, protection, SLOT, slotNamed } from "./notation.ts";
import { do_execve } from "../mm/exec.ts";
import { user_load, user_store } from "../mm/fault.ts";
import { new_object } from "../mm/filemap.ts";
import { assertRuns, copy_process, do_exit, mm_alloc, start_task, vfork } from "../mm/fork.ts";
import { put_user_pages } from "../mm/gup.ts";
import { io_sqe_buffer_register } from "../mm/io_uring.ts";
import { ksm_do_scan, unmerge_and_remove_all_rmap_items } from "../mm/ksm.ts";
import { do_madvise } from "../mm/madvise.ts";
import { do_mlock, do_munlock } from "../mm/mlock.ts";
import { vm_mmap, vm_munmap } from "../mm/mmap.ts";
import { do_mprotect } from "../mm/mprotect.ts";
import { sys_mremap } from "../mm/mremap.ts";
import { writeFrame } from "../mm/page.ts";
import { access_remote_vm, process_vm_end, process_vm_start } from "../mm/process_vm_access.ts";
import { pipe_read, vmsplice } from "../mm/splice.ts";
import { clear_refs_write } from "../mm/task_mmu.ts";
import type { Release } from "../releases.ts";
import {
  type Addr,
  type Mm,
  type ObjectId,
  PAGE_SIZE,
  type Pfn,
  type Pid,
  ZERO_PFN,
} from "../state.ts";
import * as uapi from "../uapi.ts";

/** What an operation of a scene that the machine does not have is answered. */
export const UNAVAILABLE = "unavailable";

/** How many pages the file of a scene has; page i holds 50 + i. */
const FILE_PAGES = 8;
/** How many scans `* ksm` waits for. */
const KSM_SCANS = 4;

/** A machine with the processes of a scene by their slots; P0 lives from the beginning. */
export class Stage {
  /** The machine, to be looked at. */
  readonly machine: Machine;
  readonly #slots = new Map<string, Pid>();
  /** The slots of children, and the buffers, that an operation is at work on. */
  readonly #underway = new Set<string>();
  /** The operations at work in each address space, which goes with the last of them: `mm_users`. */
  readonly #users = new WeakMap<Mm, Set<string>>();
  /** The holders of pins and of transfers, once the operation that began them has ended. */
  readonly #ready = new Set<string>();
  /** The one file of a scene; 0 until something maps it. */
  #file: ObjectId = 0;

  /** Sets a scene up on a kernel. */
  constructor({ era, build }: Release) {
    this.machine = new Machine(era, { check, build });
    this.#slots.set("P0", start_task(this.machine, mm_alloc(this.machine), 0));
  }

  /** Runs one operation to its end. @throws SyntaxError when it is none */
  run(who: string, op: string, args: readonly string[], text?: string): string {
    return this.machine.run(this.operation(who, op, args, text));
  }

  /**
   * One operation.
   *
   * @param who `P0` and so on, or `*` for the world outside
   * @param text what the trace calls it, no two that are at work the same
   * @returns its answer
   * @throws SyntaxError when it is none
   */
  *operation(
    who: string,
    op: string,
    args: readonly string[],
    text: string = [who, op, ...args].join(" "),
  ): Path<string> {
    this.machine.op(text);
    if (who === "*") {
      return op === "ksm" || op === "unksm" ? yield* this.#daemon(op) : this.#outside(op, args);
    }
    if (!SLOT.test(who)) throw new SyntaxError("a line begins with a process or with *");
    const pid = this.#slots.get(who);
    if (pid === undefined) return "noproc";
    const users = this.#usersOf(this.machine.mm(pid));
    try {
      assertRuns(this.machine, pid);
      users.add(text);
      return yield* this.#process(who, pid, op, args, text);
    } catch (error) {
      if (error instanceof Errno) return error.code;
      if (error instanceof Signal) return error.code === "SIGSEGV" ? "segv" : "sigbus";
      throw error;
    } finally {
      users.delete(text);
    }
  }

  #usersOf(mm: Mm): Set<string> {
    const users = this.#users.get(mm) ?? new Set();
    this.#users.set(mm, users);
    return users;
  }

  /** Waits until nobody else is at work in an address space that is to go: threads that are, and who reads it. */
  *#last(mm: Mm, text: string): Path<void> {
    const users = this.#usersOf(mm);
    users.delete(text);
    const over = () => users.size === 0;
    const reason = () => `mm ${mm.id}, in which ${[...users].join(" and ")} is at work`;
    while (!over()) yield { over, reason };
  }

  /** An operation of a process. */
  *#process(
    slot: string,
    pid: Pid,
    op: string,
    args: readonly string[],
    text: string,
  ): Path<string> {
    const m = this.machine, mm = m.mm(pid);
    const [first = "", second = "", third = ""] = args;
    const at = () => address(first), pages = () => number(second);
    switch (op) {
      case "w":
        return yield* this.#access(pid, at(), number(second));
      case "r":
        return yield* this.#access(pid, at());
      case "mw":
      case "mr": {
        const before = m.pte(mm, at())?.pfn, value = op === "mw" ? number(second) : undefined;
        const read = yield* access_remote_vm(m, mm, at(), value);
        return op === "mr" ? `=${read}` : `ok ${fate(before, m.pte(mm, at())!.pfn)}`;
      }
      case "pin": {
        const flags = (args.includes("r") ? 0 : uapi.FOLL_WRITE) |
          (args.includes("short") ? 0 : uapi.FOLL_LONGTERM);
        const buffer = `pin ${number(third)}`, fast = args.includes("fast");
        const path = io_sqe_buffer_register(m, mm, at(), pages(), buffer, flags, fast);
        if (this.#underway.has(buffer)) return "EBUSY";
        this.#underway.add(buffer);
        try {
          yield* path;
          this.#ready.add(buffer);
        } finally {
          this.#underway.delete(buffer);
        }
        return "ok";
      }
      case "vms":
        yield* vmsplice(m, mm, at(), `pipe ${number(second)}`);
        return "ok";
      case "dw":
      case "dr": {
        const direction = op === "dw" ? "write" : "read";
        yield* direct_io_start(m, mm, at(), pages(), direction, op);
        this.#ready.add(op);
        return "inflight";
      }
      case "vmread": {
        const other = this.#slots.get(slotNamed(second));
        if (other === undefined) return "noproc";
        const target = m.mm(other), users = this.#usersOf(target).add(text);
        try {
          yield* process_vm_start(m, target, at(), `vmread ${number(third)}`);
        } finally {
          users.delete(text);
        }
        return "inflight";
      }
      case "exit":
        this.#slots.delete(slot);
        yield* this.#last(mm, text);
        yield* do_exit(m, pid);
        return "ok";
      case "fork":
      case "vfork":
      case "spawn": {
        if (this.#slots.has(slotNamed(first)) || this.#underway.has(first)) return "exists";
        this.#underway.add(first);
        try {
          const child = op === "fork" ? yield* copy_process(m, pid) : vfork(m, pid);
          if (op === "spawn") yield* do_execve(m, child);
          this.#slots.set(first, child);
        } finally {
          this.#underway.delete(first);
        }
        return "ok";
      }
      case "exec":
        yield* this.#last(mm, text);
        yield* do_execve(m, pid);
        return "ok";
    }
    const path = this.#mapping(pid, op, args);
    if (!path) return UNAVAILABLE;
    yield* path;
    return "ok";
  }

  /** An operation that changes mappings; undefined when the machine does not have it. */
  #mapping(pid: Pid, op: string, args: readonly string[]): Path<unknown> | undefined {
    const m = this.machine, mm = m.mm(pid), [first = "", second = "", third = ""] = args;
    if (op === "cr") return clear_refs_write(m, mm);
    if (op === "mmap") return this.#mmap(pid, address(`${first}0`), number(second), third);
    if (!/^(?:munmap|mprot|madv|mremap|mlock|munlock)$/.test(op)) {
      throw new SyntaxError(`no operation "${op}"`);
    }
    const at = address(first), pages = number(second);
    switch (op) {
      case "munmap":
        return vm_munmap(m, mm, at, pages);
      case "mprot":
        return do_mprotect(m, mm, at, pages, protection(third));
      case "mremap":
        return sys_mremap(m, mm, at, pages, address(third));
      case "mlock":
        return do_mlock(m, mm, at, pages, m.task(pid).memlock);
      case "munlock":
        return do_munlock(m, mm, at, pages);
    }
    const advice = adviceNamed(third);
    return advice === undefined ? undefined : do_madvise(m, mm, at, pages * PAGE_SIZE, advice);
  }

  /** Maps memory in place of whatever was there, MAP_FIXED. */
  #mmap(pid: Pid, addr: Addr, pages: number, kind: string): Path<unknown> | undefined {
    const m = this.machine, mm = m.mm(pid);
    if (kind === "hugetlb") return undefined;
    if (!/^(?:priv|shared|pfile|sfile|memfd)$/.test(kind)) {
      throw new SyntaxError(`no mapping "${kind}": priv, shared, pfile, sfile, memfd or hugetlb`);
    }
    const shared = kind.startsWith("s") ? uapi.MAP_SHARED : uapi.MAP_PRIVATE;
    const object = kind.endsWith("file")
      ? this.#fileObject()
      : kind === "memfd"
      ? new_object(m, "file", pages)
      : 0;
    const backing = object ? { object, flags: 0 } : undefined;
    return vm_mmap(m, mm, addr, pages, PROT.rw!, shared | uapi.MAP_FIXED, backing);
  }

  /** The one file of a scene. */
  #fileObject(): ObjectId {
    if (this.#file) return this.#file;
    const m = this.machine;
    this.#file = new_object(m, "file", FILE_PAGES);
    for (const [i, pfn] of m.state.objects.get(this.#file)!.pages) {
      writeFrame(m, m.page(pfn), 0, [50 + i]);
    }
    return this.#file;
  }

  /** A load, or a store of `value`: how many faults it took, and what became of the frame under it. */
  *#access(pid: Pid, addr: Addr, value?: number): Path<string> {
    const m = this.machine, mm = m.mm(pid), before = m.pte(mm, addr);
    const needed = value === undefined ? uapi.VM_ACCESS_FLAGS : uapi.VM_WRITE;
    const allowed = (m.vma(mm, addr)?.flags ?? 0) & needed;
    const hit = before && allowed && (value === undefined || before.writable), pfn = before?.pfn;
    if (value === undefined) return `=${(yield* user_load(m, pid, addr, 1))[0]} f${hit ? 0 : 1}`;
    yield* user_store(m, pid, addr, [value]);
    return `ok f${hit ? 0 : 1} ${fate(pfn, m.pte(mm, addr)!.pfn)}`;
  }

  /** The KSM daemon: scans a few times, or breaks up what it has merged. */
  *#daemon(op: string): Path<string> {
    const m = this.machine;
    if (op === "unksm") yield* unmerge_and_remove_all_rmap_items(m);
    else {
      for (let scan = 0; scan < KSM_SCANS; scan++) if (!(yield* ksm_do_scan(m))) return "timeout";
    }
    return "ok";
  }

  /** An operation of the world outside: devices, readers of pipes, observers. */
  #outside(op: string, args: readonly string[]): string {
    const m = this.machine, [first = "", second = "", third = ""] = args;
    switch (op) {
      case "gr":
      case "gw": {
        const holder = `pin ${number(first)}`, page = number(second);
        if (!this.#ready.has(holder) || !m.state.holds.get(holder)![page]) return "EFAULT";
        if (op === "gr") return `=${dma_read(m, holder, page * PAGE_SIZE, 1)[0]}`;
        dma_write(m, holder, page * PAGE_SIZE, [number(third)]);
        return "ok";
      }
      case "unpin": {
        const holder = `pin ${number(first)}`;
        if (!this.#ready.delete(holder)) return "ENXIO";
        put_user_pages(m, holder);
        return "ok";
      }
      case "pr": {
        const bytes = pipe_read(m, `pipe ${number(first)}`);
        return bytes ? `=${bytes[0]}` : "empty";
      }
      case "dwend": {
        const fetched = this.#ready.delete("dw") ? direct_io_fetched(m, "dw") : [];
        return fetched.map((value) => `=${value}`).join() || "none";
      }
      case "drend":
        if (!this.#ready.delete("dr")) return "none";
        direct_io_delivered(m, "dr", number(first));
        return "ok";
      case "vmend": {
        const bytes = process_vm_end(m, `vmread ${number(first)}`);
        return bytes ? `=${bytes[0]}` : "none";
      }
      case "snap":
        return this.#snapshot(address(first), number(second || "1"));
      case "settle":
        return "ok";
      default:
        throw new SyntaxError(`no operation "${op}"`);
    }
  }

  /** Which pages of which processes are the same frame, and how often each frame is mapped. */
  #snapshot(addr: Addr, pages: number): string {
    const m = this.machine, labels = new Map<Pfn, string>();
    const token = (pid: Pid, at: Addr): string => {
      const mm = m.mm(pid), pte = m.pte(mm, at) ?? mm.cleared.get(at / PAGE_SIZE);
      if (!pte) return mm.swapPtes.has(at / PAGE_SIZE) ? "S" : "-";
      if (pte.pfn === ZERO_PFN) return "Z";
      const { mapcount, kind } = m.page(pte.pfn);
      if (!labels.has(pte.pfn)) labels.set(pte.pfn, label(labels.size));
      const once = mapcount === 1 ? "x" : ".", file = kind === "shmem" || kind === "file";
      return `${labels.get(pte.pfn)}${once}${mapcount}${file ? "f" : ""}`;
    };
    return [...this.#slots.keys()].sort().map((slot) => {
      const pid = this.#slots.get(slot)!;
      const tokens = Array.from({ length: pages }, (_, i) => token(pid, addr + i * PAGE_SIZE));
      return `${slot}=${tokens.join()}`;
    }).join(" ");
  }
}

/** A, B, …, Z, then by number. */
function label(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : `<${n}>`;
}

/** What became of the frame under an address. */
function fate(before: Pfn | undefined, after: Pfn): string {
  return before === undefined ? "new" : before === after ? "same" : "copy";
}
