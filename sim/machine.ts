/**
 * The machine: a state, the trace that made it, and the era that decides.
 *
 * Its paths through the kernel are functions. A plain function is atomic; a generator, a {@linkcode Path}, yields where
 * the real one holds no page-table lock, and nothing that it looked up before a `yield` may be trusted after it. Where
 * gup-fast, which takes no lock at all, can look in the middle of others' work, these yield under their lock, and say so.
 *
 * @module
 */

import { vpnOf } from "./address.ts";
import type { Build, Era, Proposals } from "./policy.ts";
import { Errno, KernelBug } from "./errno.ts";
import {
  type Addr,
  emptyState,
  type Frame,
  type Mm,
  type MmId,
  type Pfn,
  type Pid,
  type Pte,
  type State,
  type Task,
  type Vma,
  vmaIndex,
} from "./state.ts";
import { apply } from "./apply.ts";
import type { Event, Op, Operands } from "./event.ts";
import type { Reason, Sight } from "./reason.ts";
import { operationText } from "./view/operation.ts";

/**
 * A way through the kernel that can be interrupted: it yields where somebody else may run, and a {@linkcode Wait} where
 * somebody else must.
 */
export type Path<T> = Generator<Wait | void, T, void>;

/** What a path cannot go on without. */
export interface Wait {
  /** Is there nothing to wait for any more? */
  over(): boolean;
  /** `mmap_lock of mm 1, held for write by A: P0 fork P1`. */
  reason(): string;
}

/** A read-write lock, by the operations that hold it: their events, as indices of the trace. Models `mmap_lock`. */
interface MmapLock {
  writer: number | undefined;
  readonly readers: Set<number>;
}

/** A call that nothing interrupts is a path without a yield. */
// deno-lint-ignore require-yield
export function* atomic<T>(call: () => T): Path<T> {
  return call();
}

/** Settings of a {@linkcode Machine}. */
export interface MachineOptions {
  /** Throws a {@linkcode KernelBug} when a state breaks an invariant; asked at a path's end, and in a race after each step. */
  readonly check?: (state: State, era: Era) => void;
  /** Patches that were proposed and never merged. */
  readonly proposals?: Proposals;
  /** How the kernel was built, with soft-dirty bits and with FOLL_FORCE for /proc/PID/mem when not said. */
  readonly build?: Build;
  /** How many frames there are, the zero page not counted; without end when not said. */
  readonly memory?: number;
}

/** A state with its history and its rules. */
export class Machine {
  /** The present. Read it; only {@linkcode emit} changes it. */
  readonly state: State = emptyState();
  /** Every event since the machine was empty. */
  readonly trace: Event[] = [];
  /**
   * Why each event of the trace happened: the index of the note, or else of the operation, that it followed from; an
   * operation has no cause, -1.
   */
  readonly causes: number[] = [];
  /** Who answers where kernels differ. */
  readonly era: Era;
  /** What this kernel was patched with. */
  readonly proposals: Proposals;
  readonly #mmapLocks = new Map<MmId, MmapLock>();
  /** The page-table locks that are held over a yield, by the events of the operations that hold them. */
  readonly #pteLocks = new Map<MmId, number>();
  /** How this kernel was built. */
  readonly build: Build;
  /** How many frames there are, the zero page not counted. */
  readonly memory: number;
  readonly #check: (state: State, era: Era) => void;
  /** The operation at work and its latest note, as indices of the trace. */
  #op = -1;
  #cause = -1;

  /** Makes an empty machine. */
  constructor(era: Era, options: MachineOptions = {}) {
    this.era = era;
    this.proposals = options.proposals ?? {};
    this.build = options.build ?? { refusesForce: false, softDirty: true };
    this.memory = options.memory ?? Infinity;
    this.#check = options.check ?? (() => {});
  }

  /** Changes the state by one event and remembers it. */
  emit(event: Event): void {
    apply(this.state, event);
    this.trace.push(event);
    this.causes.push(this.#cause);
  }

  /**
   * An operation begins: whatever happens from now on is its doing.
   *
   * @param line of the scene that asks for it
   */
  op(call: string, args: Readonly<Partial<Operands>> = {}, line?: string): Op {
    const op: Op = line === undefined
      ? { type: "op", call, args }
      : { type: "op", call, args, line };
    this.#cause = -1;
    this.#op = this.trace.length;
    this.emit(op);
    this.#cause = this.#op;
    return op;
  }

  /** Says why the machine decides as it does; what follows from it says so. */
  note(reason: Reason): void {
    this.#cause = this.#op;
    this.emit({ type: "note", reason });
    this.#cause = this.trace.length - 1;
  }

  /** Says what a path has seen that others may change before it acts: a race's story tells it, nothing follows from it. */
  saw(sight: Sight): void {
    this.emit({ type: "saw", sight });
  }

  /** What is at work, to be handed to {@linkcode resume} when another path has run in between. */
  get cause(): { readonly op: number; readonly cause: number } {
    return { op: this.#op, cause: this.#cause };
  }

  /** Goes on with what was at work before another path ran. */
  resume({ op, cause }: { readonly op: number; readonly cause: number }): void {
    this.#op = op;
    this.#cause = cause;
  }

  /**
   * Runs a path to its end without interruption, and checks the invariants there. A race, in which others may look in
   * between, checks them after each step.
   *
   * @throws KernelBug when it waits: nobody else runs, so it would wait forever
   */
  run<T>(path: Path<T>): T {
    for (;;) {
      const step = path.next();
      if (step.done) {
        this.checkInvariants();
        return step.value;
      }
      if (step.value && !step.value.over()) {
        const op = textOf(this.trace[this.#op]);
        throw new KernelBug(
          `deadlock: ${op} waits for ${step.value.reason()}, and nobody else runs`,
        );
      }
    }
  }

  /** Checks the invariants, as after each step of a path. @throws KernelBug when the state breaks one */
  checkInvariants(): void {
    this.#check(this.state, this.era);
  }

  /**
   * The state after the first `n` events, 0 to `trace.length`, as a state of its own.
   *
   * @throws RangeError when there are fewer events
   */
  at(n: number): State {
    if (!Number.isInteger(n) || n < 0 || n > this.trace.length) {
      throw new RangeError(`at(${n}): the trace has events 0 to ${this.trace.length}`);
    }
    const state = emptyState();
    for (const event of this.trace.slice(0, n)) apply(state, event);
    return state;
  }

  /** A process. @throws Errno ESRCH when no such process lives */
  task(pid: Pid): Task {
    const task = this.state.tasks.get(pid);
    if (task) return task;
    const pids = [...this.state.tasks.keys()].join(", ") || "none";
    throw new Errno("ESRCH", `pid ${pid}: no such process, alive: ${pids}`);
  }

  /** The address space of a process. */
  mm(pid: Pid): Mm {
    return this.state.mms.get(this.task(pid).mm)!;
  }

  /**
   * Holds an address space's mmap_lock while a call runs: for read, with other readers, to look mappings up; for write,
   * alone, to change them. It waits its turn, and may not hold the lock already.
   * Left out: a writer that waits keeps no reader out, as the kernel's does.
   */
  *locked<T>(mm: Mm, mode: "read" | "write", path: Path<T>): Path<T> {
    const lock = this.#mmapLock(mm), me = this.#op;
    if (!isFree(lock, mode)) {
      const { writer, readers } = lock, holders = writer === undefined ? [...readers] : [writer];
      const held = writer === undefined ? "read" : "write";
      this.saw({ at: "mmap_lock", mm: mm.id, mode: held, holders });
      const wait = { over: () => isFree(lock, mode), reason: () => this.#holders(mm) };
      while (!wait.over()) yield wait;
    }
    if (mode === "write") lock.writer = me;
    else lock.readers.add(me);
    try {
      return yield* path;
    } finally {
      if (mode === "write") lock.writer = undefined;
      else lock.readers.delete(me);
    }
  }

  /**
   * Waits until nobody holds an address space's page-table lock over a yield. What follows, up to the next yield, holds it
   * by running alone. Models `pte_offset_map_lock`, with one lock for all tables of an address space.
   */
  *pteLock(mm: Mm): Path<void> {
    while (this.isPteLocked(mm)) {
      yield { over: () => !this.isPteLocked(mm), reason: () => this.#pteHolder(mm) };
    }
  }

  /** Does somebody hold an address space's page-table lock over a yield? */
  isPteLocked(mm: Mm): boolean {
    return this.#pteLocks.has(mm.id);
  }

  /** Holds the page-table lock over the yields of a path, so that nobody but gup-fast looks in between. */
  *pteLocked<T>(mm: Mm, path: Path<T>): Path<T> {
    yield* this.pteLock(mm);
    this.#pteLocks.set(mm.id, this.#op);
    try {
      return yield* path;
    } finally {
      this.#pteLocks.delete(mm.id);
    }
  }

  #pteHolder({ id }: Mm): string {
    return `page-table lock of mm ${id}, held by ${textOf(this.trace[this.#pteLocks.get(id)!])}`;
  }

  #mmapLock(mm: Mm): MmapLock {
    let lock = this.#mmapLocks.get(mm.id);
    if (!lock) this.#mmapLocks.set(mm.id, lock = { writer: undefined, readers: new Set() });
    return lock;
  }

  /** Who holds an address space's mmap_lock, and how. */
  #holders(mm: Mm): string {
    const { writer, readers } = this.#mmapLock(mm);
    const who = [...writer === undefined ? readers : [writer]].map((op) => textOf(this.trace[op]));
    const mode = writer === undefined ? "read" : "write";
    return `mmap_lock of mm ${mm.id}, held for ${mode} by ${who.join(" and ")}`;
  }

  /** `mmap_assert_write_locked`. @throws KernelBug when mappings are changed under a lock held for read, or under none */
  assertWriteLocked(mm: Mm, what: string, addr: Addr): void {
    const { writer, readers } = this.#mmapLock(mm);
    if (writer !== undefined) return;
    const lock = readers.size > 0 ? "held for read only" : "not held";
    throw new KernelBug(
      `${what}(0x${addr.toString(16)}) changes mappings, and the mmap_lock is ${lock}`,
    );
  }

  /** `find_vma`, narrowed to the VMA that covers the address. */
  vma(mm: Mm, addr: Addr): Vma | undefined {
    const vma = mm.vmas[vmaIndex(mm.vmas, addr)];
    return vma && vma.start <= addr ? vma : undefined;
  }

  /** The entry of an address, if a frame is mapped there. */
  pte(mm: Mm, addr: Addr): Pte | undefined {
    return mm.ptes.get(vpnOf(addr));
  }

  /** `pfn_to_page`. */
  page(pfn: Pfn): Frame {
    const frame = this.state.frames.get(pfn);
    if (!frame) throw new KernelBug(`pfn ${pfn} was freed and is still referred to`);
    return frame;
  }
}

/** May the lock be taken? For read with other readers, for write alone. */
function isFree({ writer, readers }: MmapLock, mode: "read" | "write"): boolean {
  return writer === undefined && (mode === "read" || readers.size === 0);
}

/** What an operation is called in the trace. */
function textOf(event: Event | undefined): string {
  return event?.type === "op" ? operationText(event) : "nobody";
}
