/**
 * A machine and what stands around it: one process from the beginning, devices with their drivers, a file. It is what
 * operations, the rows of `operations/`, are performed on.
 *
 * @module
 */

import type { Driver } from "./devices/driver.ts";
import { Errno } from "./errno.ts";
import { check } from "./invariant.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { newObject } from "./mm/filemap.ts";
import { mm_alloc, startTask } from "./mm/fork.ts";
import { writeFrame } from "./mm/page.ts";
import type { Era } from "./policy.ts";
import type { ObjectId, Pid } from "./state.ts";

/** How many pages the host's file has; page i holds 50 + i. */
const FILE_PAGES = 8;

/** Settings of a {@linkcode Host}, and so of a Lab. */
export interface LabOptions extends Omit<MachineOptions, "check"> {
  /** Check the invariants after every call, the default; a kata leaves it to its suite to say what broke. */
  readonly invariants?: boolean;
}

/** A machine with one process, which maps nothing, and with devices and a file. */
export class Host extends Machine {
  /** The devices that are plugged in, by name. */
  readonly drivers: Map<string, Driver> = new Map();
  /** The one file; 0 until something maps it. */
  #file: ObjectId = 0;

  /**
   * Starts a machine.
   *
   * @param era who answers where kernels differ
   */
  constructor(era: Era, options: LabOptions = {}) {
    super(era, { check: options.invariants === false ? undefined : check, ...options });
    startTask(this, mm_alloc(this), 0);
  }

  /** The driver behind a descriptor. @throws Errno EBADF */
  driverOf(pid: Pid, fd: number): Driver {
    const file = this.task(pid).files.get(fd)?.file;
    const device = file && this.state.files.get(file)?.device;
    const driver = device && this.drivers.get(device);
    if (driver) return driver;
    throw new Errno("EBADF", `pid ${pid} has no open descriptor ${fd}`);
  }

  /** Drivers let go of what nobody needs any more: asked after every close, exit and exec. */
  release(): void {
    for (const driver of this.drivers.values()) driver.release(this);
  }

  /** What mmap maps of the host's file, or of a new one in memory with so many pages. */
  fileObject(file: "file" | "memfd", pages: number): ObjectId {
    if (file === "memfd") return newObject(this, "shmem", pages);
    if (this.#file) return this.#file;
    this.#file = newObject(this, "file", FILE_PAGES);
    for (const [i, pfn] of this.state.objects.get(this.#file)!.pages) {
      writeFrame(this, this.page(pfn), 0, [50 + i]);
    }
    return this.#file;
  }
}
