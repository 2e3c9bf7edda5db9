/**
 * Starting another program in a process. Models fs/exec.c.
 * Left out: the program.
 *
 * @module
 */

import type { Machine, Path } from "../machine.ts";
import type { Pid } from "../state.ts";
import { complete_vfork_done, mm_alloc, mmput } from "./fork.ts";

/**
 * Replaces the address space by an empty one and closes what is marked close-on-exec. Whatever a driver holds of the
 * old one stays held, and so does a descriptor without the mark. Models `begin_new_exec()`.
 */
export function* do_execve(m: Machine, pid: Pid): Path<void> {
  complete_vfork_done(m, pid);
  yield* mmput(m, pid);
  m.emit({ type: "exec", pid, mm: mm_alloc(m).id });
  for (const [fd, { cloexec }] of [...m.task(pid).files]) {
    if (cloexec) m.emit({ type: "close", pid, fd });
  }
}
