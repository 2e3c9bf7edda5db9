import type { Addr, Pid, State } from "sim";

/** What the driver noted when a process registered memory. */
interface Registration {
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
  // TODO: tell who reads what the device writes. So far it tells who has mapped
  // the same address.
  const { addr } = registration;
  const pids: Pid[] = [];
  for (const task of state.tasks.values()) {
    const { vmas } = state.mms.get(task.mm)!;
    if (vmas.some((vma) => vma.start <= addr && addr < vma.end)) pids.push(task.pid);
  }
  return pids;
}
