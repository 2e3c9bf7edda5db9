// This module is browser compatible.
/**
 * Scenes: small programs in data that the machine runs and that a real kernel can run, a line in, a line out.
 *
 * `P0 w a0 5` is done by process 0, `* gr 0 0` by the world outside. Regions are letters, pages are counted in them, and
 * only byte 0 of a page is read or written. An operation that the machine does not have is answered `unavailable`, never
 * guessed: swap, KSM, huge pages, mlock, mremap and soft-dirty, so far.
 *
 * @module
 */

import { dma_read, dma_write } from "./devices/dma.ts";
import type { Release } from "./era.ts";
import { Errno, Signal } from "./errno.ts";
import { check } from "./invariant.ts";
import { atomic, Machine } from "./machine.ts";
import { user_load, user_store } from "./mm/fault.ts";
import { copy_process, do_exit, mm_alloc, start_task } from "./mm/fork.ts";
import { get_user_pages, put_user_pages } from "./mm/gup.ts";
import { do_madvise } from "./mm/madvise.ts";
import { new_object } from "./mm/filemap.ts";
import { do_mmap, do_munmap } from "./mm/mmap.ts";
import { writeFrame } from "./mm/page.ts";
import { do_mprotect } from "./mm/mprotect.ts";
import { pipe_read, vmsplice } from "./mm/splice.ts";
import { type Addr, type ObjectId, PAGE_SIZE, type Pfn, type Pid, ZERO_PFN } from "./state.ts";
import {
  FOLL_FORCE,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_KEEPONFORK,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  VM_ACCESS_FLAGS,
  VM_WRITE,
} from "./uapi.ts";

const ADVICE: Record<string, number> = {
  dontneed: MADV_DONTNEED,
  dontfork: MADV_DONTFORK,
  dofork: MADV_DOFORK,
  wipeonfork: MADV_WIPEONFORK,
  keeponfork: MADV_KEEPONFORK,
};
const PROT: Record<string, number> = {
  r: PROT_READ,
  rw: PROT_READ | PROT_WRITE,
  none: PROT_NONE,
};

/** A process of a scene. */
const SLOT = /^P\d$/;

/** How many pages the file of a scene has. */
const FILE_PAGES = 16;

/** What an operation of a scene that the machine does not have is answered. */
export const UNAVAILABLE = "unavailable";

/** A line of a scene is no operation. */
export class SceneError extends Error {
  /** The class, for messages. */
  override name = "SceneError";
  /** Which of the scene's lines it is, counted from 0. */
  readonly at: number;

  /** Names the line. */
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Runs a scene as a kernel would.
 *
 * @param lines the operations, without the `=== name` that begins a scene
 * @returns an answer for each line
 * @throws SceneError for a line that is no operation
 */
export function runScene(lines: readonly string[], release: Release): string[] {
  const stage = new Stage(release);
  return lines.map((line, at) => {
    const [who = "", op = "", ...args] = line.trim().split(/\s+/);
    try {
      return who === "*" ? stage.outside(op, args) : stage.process(who, op, args);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new SceneError(error.message, at);
    }
  });
}

/** A scene and its name, which stands in its file as `=== name`. */
export interface Scene {
  /** Empty for the lines before the first name. */
  readonly name: string;
  /** The operations. */
  readonly lines: readonly string[];
  /** The line of each in its file, counted from 1. */
  readonly places: readonly number[];
}

/** Cuts a file into its scenes; empty lines and lines that begin with `#` are left out. */
export function parseScenes(text: string): Scene[] {
  const scenes: { name: string; lines: string[]; places: number[] }[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const name = line.match(/^===\s*(.*)$/)?.[1];
    if (name !== undefined) scenes.push({ name, lines: [], places: [] });
    else {
      const scene = scenes.at(-1) ?? { name: "", lines: [], places: [] };
      if (scenes.length === 0) scenes.push(scene);
      scene.lines.push(line);
      scene.places.push(at + 1);
    }
  }
  return scenes;
}

/** The machine, the processes by their slots, and what stands between it and a line of a scene. */
class Stage {
  readonly #m: Machine;
  readonly #release: Release;
  readonly #slots = new Map<string, Pid>();

  constructor(release: Release) {
    this.#release = release;
    this.#m = new Machine(release.era, check);
    this.#slots.set("P0", start_task(this.#m, mm_alloc(this.#m), 0));
  }

  /** An operation of a process. */
  process(slot: string, op: string, args: readonly string[]): string {
    if (!SLOT.test(slot)) throw new SyntaxError("a line begins with a process or with *");
    const pid = this.#slots.get(slot);
    if (pid === undefined) return "noproc";
    try {
      return this.#operation(slot, pid, op, args);
    } catch (error) {
      if (error instanceof Errno) return error.code;
      if (error instanceof Signal) return error.code === "SIGSEGV" ? "segv" : "sigbus";
      throw error;
    }
  }

  #operation(slot: string, pid: Pid, op: string, args: readonly string[]): string {
    const m = this.#m, mm = m.mm(pid);
    const [first = "", second = "", third = ""] = args;
    const call = (body: () => unknown) => {
      m.run(m.locked(mm, "write", atomic(body)));
      return "ok";
    };
    switch (op) {
      case "mmap": {
        if (!/^(?:priv|shared|pfile|sfile)$/.test(third)) return UNAVAILABLE;
        const flags = third.startsWith("p") ? MAP_PRIVATE : MAP_SHARED;
        const file = third.endsWith("file") ? { object: this.#file(), flags: 0 } : undefined;
        return call(() => {
          const kind = file ? flags : flags | MAP_ANONYMOUS;
          do_mmap(m, mm, address(`${first}0`), number(second), PROT.rw!, kind, file);
        });
      }
      case "munmap":
        return call(() => do_munmap(m, mm, address(first), number(second)));
      case "mprot":
        return call(() => do_mprotect(m, mm, address(first), number(second), protection(third)));
      case "madv": {
        const advice = ADVICE[third];
        if (advice === undefined) return UNAVAILABLE;
        return call(() => do_madvise(m, mm, address(first), number(second) * PAGE_SIZE, advice));
      }
      case "w":
        return this.#access(pid, address(first), number(second));
      case "r":
        return this.#access(pid, address(first));
      case "mw":
        return this.#memory(pid, address(first), number(second));
      case "mr":
        return this.#memory(pid, address(first));
      case "fork":
        if (!SLOT.test(first)) throw new SyntaxError(`"${first}" is no process, such as P1`);
        if (this.#slots.has(first)) return "exists";
        return call(() => this.#slots.set(first, copy_process(m, pid)));
      case "exit":
        this.#slots.delete(slot);
        return call(() => do_exit(m, pid));
      case "pin":
        return this.#pin(pid, address(first), number(second), `pin ${third}`);
      case "vms":
        m.run(m.locked(mm, "read", vmsplice(m, mm, address(first), `pipe ${second}`)));
        return "ok";
      case "dw":
      case "dr": {
        const flags = (op === "dr" ? FOLL_WRITE : 0) |
          (this.#release.directIo === "pin" ? FOLL_PIN : 0);
        this.#get(pid, address(first), number(second), flags, op);
        return "inflight";
      }
      default:
        if (/^(?:mremap|mlock|munlock|cr)$/.test(op)) return UNAVAILABLE;
        throw new SyntaxError(`no operation "${op}"`);
    }
  }

  /** An operation of the world outside: devices, readers of pipes, observers. */
  outside(op: string, args: readonly string[]): string {
    const m = this.#m, [first = "", second = "", third = ""] = args;
    const holder = `pin ${first}`;
    switch (op) {
      case "gr":
      case "gw": {
        number(first);
        const offset = number(second) * PAGE_SIZE;
        if (!m.state.holds.get(holder)?.[number(second)]) return "EFAULT";
        if (op === "gr") return `=${dma_read(m, holder, offset, 1)[0]}`;
        dma_write(m, holder, offset, Uint8Array.of(number(third)));
        return "ok";
      }
      case "unpin":
        if (!m.state.holds.has(holder)) return "ENXIO";
        put_user_pages(m, holder);
        return "ok";
      case "pr": {
        const bytes = pipe_read(m, `pipe ${first}`);
        return bytes ? `=${bytes[0]}` : "empty";
      }
      case "dwend":
      case "drend": {
        const transfer = op.slice(0, 2), held = m.state.holds.get(transfer)?.length ?? 0;
        if (held === 0) return "none";
        const pages = Array.from({ length: held }, (_, i) => i * PAGE_SIZE);
        const value = op === "drend" ? Uint8Array.of(number(first)) : undefined;
        if (value) { for (const offset of pages) dma_write(m, transfer, offset, value); }
        const read = pages.map((offset) => dma_read(m, transfer, offset, 1)[0]);
        put_user_pages(m, transfer);
        return value ? "ok" : `=${read.join()}`;
      }
      case "snap":
        return this.#snapshot(address(first), number(second));
      case "settle":
        return "ok";
      default:
        if (/^(?:ksm|unksm)$/.test(op)) return UNAVAILABLE;
        throw new SyntaxError(`no operation "${op}"`);
    }
  }

  /** The one file of a scene, whose page i holds 50 + i. */
  #file(): ObjectId {
    const m = this.#m;
    const file = [...m.state.objects.values()].find(({ kind }) => kind === "file")?.id;
    if (file !== undefined) return file;
    const object = new_object(m, "file", FILE_PAGES);
    for (const [i, pfn] of m.state.objects.get(object)!.pages) {
      writeFrame(m, m.page(pfn), 0, Uint8Array.of(50 + i));
    }
    return object;
  }

  /** A load, or a store of `value`: how many faults it took, and what became of the frame under it. */
  #access(pid: Pid, addr: Addr, value?: number): string {
    const m = this.#m, mm = m.mm(pid), before = m.pte(mm, addr);
    const needed = value === undefined ? VM_ACCESS_FLAGS : VM_WRITE;
    const allowed = (m.vma(mm, addr)?.flags ?? 0) & needed;
    const hit = before && allowed && (value === undefined || before.writable);
    if (value === undefined) return `=${m.run(user_load(m, pid, addr, 1))[0]} f${hit ? 0 : 1}`;
    m.run(user_store(m, pid, addr, Uint8Array.of(value)));
    return `ok f${hit ? 0 : 1} ${fate(before?.pfn, m.pte(mm, addr)!.pfn)}`;
  }

  /** The same through /proc/self/mem, which overrides protections where the kernel lets it. */
  #memory(pid: Pid, addr: Addr, value?: number): string {
    const m = this.#m, mm = m.mm(pid), before = m.pte(mm, addr)?.pfn;
    const force = this.#release.refusesForce ? 0 : FOLL_FORCE;
    try {
      this.#get(pid, addr, 1, (value === undefined ? 0 : FOLL_WRITE) | force, "mem");
    } catch (error) {
      if (error instanceof Errno) return "EIO";
      throw error;
    }
    if (value !== undefined) dma_write(m, "mem", 0, Uint8Array.of(value));
    const read = dma_read(m, "mem", 0, 1)[0];
    put_user_pages(m, "mem");
    return value === undefined ? `=${read}` : `ok ${fate(before, m.pte(mm, addr)!.pfn)}`;
  }

  /** Registers a fixed buffer with io_uring, all of it or nothing; what it faulted in stays. */
  #pin(pid: Pid, addr: Addr, pages: number, holder: string): string {
    const m = this.#m;
    if (m.state.holds.has(holder)) return "EBUSY";
    const got = this.#get(pid, addr, pages, FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM, holder);
    const mm = m.mm(pid), file = got.some((_, i) => m.vma(mm, addr + i * PAGE_SIZE)!.object !== 0);
    if (got.length === pages && !(file && this.#release.refusesFileBuffers)) return "ok";
    put_user_pages(m, holder);
    return got.length < pages ? "EFAULT" : "EOPNOTSUPP";
  }

  #get(pid: Pid, addr: Addr, pages: number, flags: number, holder: string): Pfn[] {
    const m = this.#m, mm = m.mm(pid);
    return m.run(m.locked(mm, "read", get_user_pages(m, mm, addr, pages, flags, holder)));
  }

  /** Which pages of which processes are the same frame, and how often each frame is mapped. */
  #snapshot(addr: Addr, pages: number): string {
    const m = this.#m, labels = new Map<Pfn, string>();
    const token = (pid: Pid, at: Addr): string => {
      const pte = m.pte(m.mm(pid), at);
      if (!pte) return "-";
      if (pte.pfn === ZERO_PFN) return "Z";
      const { mapcount, kind } = m.page(pte.pfn);
      if (!labels.has(pte.pfn)) labels.set(pte.pfn, String.fromCharCode(65 + labels.size));
      const once = mapcount === 1 ? "x" : ".";
      return `${labels.get(pte.pfn)}${once}${mapcount}${kind === "anon" ? "" : "f"}`;
    };
    const slots = [...this.#slots].sort(([a], [b]) => a < b ? -1 : 1);
    return slots.map(([slot, pid]) => {
      const tokens = Array.from({ length: pages }, (_, i) => token(pid, addr + i * PAGE_SIZE));
      return `${slot}=${tokens.join()}`;
    }).join(" ");
  }
}

/** What became of the frame under an address. */
function fate(before: Pfn | undefined, after: Pfn): string {
  return before === undefined ? "new" : before === after ? "same" : "copy";
}

/** Regions lie a GiB apart, so that none is ever merged with another. */
function address(page: string): Addr {
  const [, region, index] = page.match(/^([a-z])(\d+)$/) ?? [];
  if (!region) throw new SyntaxError(`"${page}" is no page, such as a0`);
  return (region.charCodeAt(0) - 96) * 2 ** 30 + Number(index) * PAGE_SIZE;
}

function number(text: string): number {
  if (!/^\d+$/.test(text)) throw new SyntaxError(`"${text}" is no number`);
  return Number(text);
}

function protection(text: string): number {
  const prot = PROT[text];
  if (prot === undefined) throw new SyntaxError(`"${text}" is no protection: r, rw or none`);
  return prot;
}
