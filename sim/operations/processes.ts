/**
 * How processes begin and end, and their descriptors of devices.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import { atomic } from "../machine.ts";
import { do_execve } from "../mm/exec.ts";
import { cloneThread, copy_process, do_exit, vfork } from "../mm/fork.ts";
import { named, operation } from "./operation.ts";

const BEGINS = { words: ["process"], answers: "`ok`, `exists`" } as const;

/** How processes begin and end, and what they open. */
export const processes = named({
  fork: operation({
    who: "process",
    operands: ["pid", "child"],
    path: (m, { pid }) => copy_process(m, pid),
    scene: { word: "fork", ...BEGINS, does: "P1 is the child" },
  }),
  vfork: operation({
    who: "process",
    operands: ["pid", "child"],
    path: (m, { pid }) => atomic(() => vfork(m, pid)),
    scene: {
      word: "vfork",
      ...BEGINS,
      does: "the same, in P0's own memory; P0 waits until P1 execs or exits",
    },
  }),
  posix_spawn: operation({
    who: "process",
    operands: ["pid", "child"],
    *path(m, { pid }) {
      const child = vfork(m, pid);
      yield* do_execve(m, child);
      return child;
    },
    scene: { word: "spawn", ...BEGINS, does: "vfork, and P1 execs" },
  }),
  clone: operation({
    who: "process",
    operands: ["pid", "child"],
    path: (m, { pid }) => atomic(() => cloneThread(m, pid)),
    scene: { word: "thread", ...BEGINS, does: "P1 is a thread of P0, in the same memory" },
  }),
  execve: operation({
    who: "process",
    operands: ["pid"],
    *path(m, { pid }) {
      yield* do_execve(m, pid);
      m.release();
    },
    scene: { word: "exec", words: [], leaves: true, does: "P0 maps nothing now", answers: "`ok`" },
  }),
  exit: operation({
    who: "process",
    operands: ["pid"],
    *path(m, { pid }) {
      yield* do_exit(m, pid);
      m.release();
    },
    scene: { word: "exit", words: [], leaves: true, does: "P0 ends", answers: "`ok`" },
  }),
  open: operation({
    who: "process",
    operands: ["pid", "device", "cloexec"],
    path: (m, { pid, device, cloexec }) =>
      atomic(() => {
        const driver = m.drivers.get(device);
        if (driver) return driver.open(m, pid, cloexec);
        throw new Errno("ENXIO", `open(${device}): no such device is plugged in`);
      }),
  }),
  close: operation({
    who: "process",
    operands: ["pid", "fd"],
    path: (m, { pid, fd = -1 }) =>
      atomic(() => {
        m.driverOf(pid, fd);
        m.emit({ type: "close", pid, fd });
        m.release();
      }),
  }),
  register: operation({
    who: "process",
    operands: ["pid", "fd", "addr", "pages", "gup_flags"],
    path: (m, { pid, fd = -1, addr, pages, gup_flags }) =>
      m.driverOf(pid, fd).register(m, pid, addr, pages, gup_flags),
  }),
  setrlimit: operation({
    who: "process",
    operands: ["pid", "limit"],
    path: (m, { pid, limit }) => atomic(() => m.emit({ type: "rlimit", pid, memlock: limit })),
  }),
});
