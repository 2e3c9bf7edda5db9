// What processes do to a driver and to the memory that they register: every kind of deed, thrown by a seed. The machine
// says whether a deed can be done, so that two machines that are alike do the same. As expect.ts, for every host.

import { type Addr, Errno, FOLL_WRITE, Lab, MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED } from "sim";
import { mapcount, PAGE_SIZE, type Pid, PROT_READ, PROT_WRITE, Signal, VM_WRITE } from "sim";
import { dice } from "./expect.ts";

/** A registration, or anything else that a process does. */
export interface Deed {
  readonly pid: Pid;
  /** In words, without the process. */
  readonly name: string;
  readonly registers?: readonly [addr: Addr, pages: number];
  /** Done on the machine: something after which the kernel asks the driver what stays. */
  readonly does?: (m: Lab) => void;
}

/** Memory that a world's processes map. */
export interface Area {
  readonly addr: Addr;
  readonly pages: number;
  readonly flags: number;
}

type Next = (below: number) => number;

/** The device's name, and the descriptor that processes have of it. */
export const NAME = "nic", FD = 3;
/** Two pages that process 1 has mapped. */
export const A = 0x7000, B = A + PAGE_SIZE;
const RW = PROT_READ | PROT_WRITE;
/** No more processes than that at a time. */
const CROWD = 5;

/** A machine with a device, which process 1 has open. */
export function empty(): Lab {
  const m = new Lab(mapcount, { invariants: false });
  m.driver(NAME);
  m.open(1, NAME);
  return m;
}

/** The same; process 1 has mapped two pages, and stored to the first. */
export function opened(): Lab {
  const m = empty();
  m.mmap(1, A, 2);
  m.store(1, A, "buffer");
  return m;
}

/** Has every frame the same owners on both machines, as far as they are counted? */
export function isSame(m: Lab, real: Lab): boolean {
  const frames = [...real.state.frames.values()];
  return m.state.frames.size === frames.length &&
    frames.every(({ pfn, refcount, mapcount }) => {
      const page = m.state.frames.get(pfn);
      return page?.refcount === refcount && page.mapcount === mapcount;
    });
}

/** What the machine's own driver answers. */
export function registered(m: Lab, pid: Pid, addr: Addr, pages: number): string {
  try {
    m.register(pid, FD, addr, pages, FOLL_WRITE);
    return "ok";
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
}

/** What two processes do to the two pages, to be tried in every order. */
export const STEPS: readonly Deed[] = [
  { pid: 1, name: "registers a page", registers: [A, 1] },
  { pid: 1, name: "registers both", registers: [A, 2] },
  { pid: 1, name: "registers too much", registers: [B, 2] },
  { pid: 2, name: "registers a page", registers: [B, 1] },
  { pid: 1, name: "has a limit", does: (m) => m.setMemlock(1, 1) },
  { pid: 1, name: "forks", does: (m) => m.state.tasks.size < 2 && m.fork(1) },
  { pid: 1, name: "unmaps", does: (m) => m.munmap(1, A, 2) },
  { pid: 1, name: "stores", does: (m) => m.vma(m.mm(1), A) && m.store(1, A, "new") },
  { pid: 1, name: "calls exec", does: (m) => m.execve(1) },
  { pid: 1, name: "closes", does: (m) => m.close(1, FD) },
  { pid: 2, name: "closes", does: (m) => m.close(2, FD) },
  { pid: 1, name: "exits", does: (m) => m.exit(1) },
  { pid: 2, name: "exits", does: (m) => m.exit(2) },
];

/** May a deed be done? Who is gone does nothing, and who has no descriptor can neither register nor close. */
export function may({ state }: Lab, { pid, name, registers }: Deed): boolean {
  const task = state.tasks.get(pid);
  return task !== undefined && (task.files.has(FD) || !registers && name !== "closes");
}

/** Areas at low and at high addresses, of a page and of many; one is shared memory. */
export function anyAreas(next: Next): Area[] {
  return [1, 1 << 10, 1 << 22].map((span, i) => ({
    addr: (span + next(span * 4)) * PAGE_SIZE * (i < 2 ? 1 : 1 << 6),
    pages: 1 + next([2, 8, 20][next(3)]!),
    flags: MAP_ANONYMOUS | (i === 1 ? MAP_SHARED : MAP_PRIVATE),
  }));
}

/** Process 1 maps the areas, and stores to some of their pages; many have lived before the next that is born. */
export function inhabit(m: Lab, areas: readonly Area[], next: Next): void {
  for (const { addr, pages, flags } of areas) {
    m.mmap(1, addr, pages, RW, flags);
    for (let i = 0; i < pages; i++) if (next(2)) m.store(1, addr + i * PAGE_SIZE, "old");
  }
  for (let born = next(2) * next(20); born > 0; born--) m.exit(m.fork(1));
}

/** A deed of somebody who lives. */
export function anyDeed(m: Lab, areas: readonly Area[], next: Next): Deed {
  const tasks = [...m.state.tasks.values()], { pid } = tasks[next(tasks.length)]!;
  const { addr: start, pages: size } = areas[next(areas.length)]!;
  // All of an area, or a part.
  const first = next(3) ? next(size) : 0, pages = next(3) ? 1 + next(size - first) : size - first;
  const addr = start + first * PAGE_SIZE;
  const mapped = (m: Lab) => m.vma(m.mm(pid), addr) !== undefined;
  const deed = (name: string, does: (m: Lab) => void): Deed => ({ pid, name, does });
  const protect = (prot: number) => (m: Lab) => mapped(m) && m.mprotect(pid, addr, 1, prot);
  // A limit is a process's, and its threads have the same one.
  const limit = (pages: number) => (m: Lab) => {
    const { mm } = m.task(pid);
    for (const task of m.state.tasks.values()) if (task.mm === mm) m.setMemlock(task.pid, pages);
  };
  const deeds: (() => Deed)[] = [
    () => deed("stores", (m) => writable(m, pid, addr) && m.store(pid, addr, `by ${pid}`)),
    () => deed("forks", (m) => m.state.tasks.size < CROWD && m.fork(pid)),
    () => deed("unmaps", (m) => m.munmap(pid, addr, pages)),
    () => deed("may only read", protect(PROT_READ)),
    () => deed("may write again", protect(RW)),
    () => deed("has a limit", limit(next(24))),
    () => deed("closes", (m) => m.close(pid, FD)),
    () => deed("starts a thread", (m) => m.state.tasks.size < CROWD && m.thread(pid)),
    () => deed("calls exec", (m) => tasks.length > 1 && m.execve(pid)),
    () => deed("exits", (m) => tasks.length > 1 && m.exit(pid)),
  ];
  // Every second deed is a registration, now and then of a page too many.
  const asked = pages + (next(8) ? 0 : 1);
  const registers = { pid, name: `registers ${asked} pages`, registers: [addr, asked] } as const;
  return next(2) ? registers : deeds[next(deeds.length)]!();
}

function writable(m: Lab, pid: Pid, addr: Addr): boolean {
  return ((m.vma(m.mm(pid), addr)?.flags ?? 0) & VM_WRITE) !== 0;
}

/** Worlds with the machine's own driver, which process 1 has open: the machine before each deed, and the deed. */
export function* worlds(
  seed: number,
  count: number,
): Generator<{ m: Lab; areas: readonly Area[]; deed: Deed }> {
  const next = dice(seed);
  for (let i = 0; i < count; i++) {
    const areas = anyAreas(next), m = empty();
    inhabit(m, areas, next);
    for (let step = 0; step < 20; step++) {
      const deed = anyDeed(m, areas, next);
      if (!may(m, deed)) continue;
      yield { m, areas, deed };
      const { pid, registers, does } = deed;
      if (registers) registered(m, pid, ...registers);
      does?.(m);
    }
  }
}

/** Who has a page of the areas that the device holds, page by page. */
export function readersIn(m: Lab, areas: readonly Area[]): Pid[] {
  const held = new Set((m.state.holds.get(NAME) ?? []).map(({ pfn }) => pfn));
  const addrs = areas.flatMap(({ addr, pages }) =>
    Array.from({ length: pages }, (_, i) => addr + i * PAGE_SIZE)
  );
  const reads = (pid: Pid) => addrs.some((addr) => held.has(m.pte(m.mm(pid), addr)?.pfn ?? -1));
  return [...m.state.tasks.keys()].sort((a, b) => a - b).filter(reads);
}

/** Lets the device write a word nobody else writes into the two pages, and asks every process what it reads there. */
export function askEverybody(m: Lab, pids: readonly Pid[]): Pid[] {
  m.deviceWrite(NAME, "packet");
  m.deviceWrite(NAME, "packet", PAGE_SIZE);
  return pids.filter((pid) => [A, B].some((addr) => reader(m, pid, addr)));
}

function reader(m: Lab, pid: Pid, addr: Addr): boolean {
  try {
    return m.string(pid, addr) === "packet";
  } catch (error) {
    if (error instanceof Signal) return false;
    throw error;
  }
}
