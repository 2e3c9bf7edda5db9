import type { Addr, Pid, State } from "sim";

/** What the driver noted when a process registered memory. */
export interface Registration {
  /** Who registered. */
  readonly pid: Pid;
  /** The first address of the memory. */
  readonly addr: Addr;
  /** How many pages it has. */
  readonly pages: number;
  /** Under which name the driver holds the frames, `nic`. */
  readonly holder: string;
}

/**
 * Which processes will read what the device writes next? Their pids in
 * ascending order, each once.
 */
export function readersOf(state: State, registration: Registration): Pid[] {
  // The device knows frames and nothing else, so the record's pid and address
  // are not asked: they say who the reader was when the memory was registered,
  // and every fork, write and munmap since then may have changed that.
  const held = new Set((state.holds.get(registration.holder) ?? []).map(({ pfn }) => pfn));
  // We go through the processes, not through the address spaces: threads share
  // one, and each of them reads. Whether an entry may be written through makes
  // no difference to somebody who reads. Nor does it if the mapping may not
  // even be read at the moment: the entry is there, and mprotect can give the
  // permission back without anybody's copying.
  return [...state.tasks.values()]
    .filter(({ mm }) => [...state.mms.get(mm)!.ptes.values()].some(({ pfn }) => held.has(pfn)))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
}
