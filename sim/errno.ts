/**
 * The three ways in which something ends badly: the modelled kernel said no ({@linkcode Errno}), the process was hit
 * ({@linkcode Signal}), or a rule of the machine itself was broken ({@linkcode KernelBug}).
 *
 * What they say is for people; what a program asks for are their fields.
 *
 * @module
 */

import type { Op } from "./event.ts";
import type { Addr } from "./state.ts";

/** Linux's error numbers, include/uapi/asm-generic/errno-base.h. */
export const errnos = {
  EPERM: 1,
  ESRCH: 3,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSYS: 38,
  EOPNOTSUPP: 95,
} as const;

/** The name of an error number. */
export type ErrnoName = keyof typeof errnos;

/** A system call, or a function of the kernel, refused. */
export class Errno extends Error {
  /** The symbol, so that an uncaught one reads `EFAULT: get_user_pages(…): …`. */
  override readonly name: ErrnoName;
  /** The symbol, `EFAULT`. */
  readonly code: ErrnoName;
  /** The number, 14. */
  readonly errno: number;
  /** What was asked for, if it came of an operation. */
  op: Op | undefined;

  /**
   * Makes a refusal.
   *
   * @param detail the call and its arguments, a colon, the state that made it refuse
   */
  constructor(code: ErrnoName, detail: string) {
    super(detail);
    this.name = code;
    this.code = code;
    this.errno = errnos[code];
  }
}

/** An instruction of the process faulted, and the kernel sent a signal. */
export class Signal extends Error {
  /** The symbol, so that an uncaught one reads `SIGSEGV: store(…): …`. */
  override readonly name: "SIGSEGV" | "SIGBUS" | "SIGKILL";
  /** The symbol, `SIGSEGV`. */
  readonly code: "SIGSEGV" | "SIGBUS" | "SIGKILL";
  /** Where the access faulted. */
  readonly addr: Addr;
  /** What was asked for, if it came of an operation. */
  op: Op | undefined;

  /**
   * Makes a signal.
   *
   * @param detail the instruction and its address, a colon, the state that made it fault
   */
  constructor(code: "SIGSEGV" | "SIGBUS" | "SIGKILL", detail: string, addr: Addr) {
    super(detail);
    this.name = code;
    this.code = code;
    this.addr = addr;
  }
}

/** The model, or the reader's replacement for a part of it, broke a rule: the kernel's own `VM_BUG_ON`. */
export class KernelBug extends Error {
  /** The class, for messages. */
  override name = "KernelBug";
  /** What was asked for, if it came of an operation. */
  op: Op | undefined;
}

/** Says of an error which operation it came of, unless one inside that one has said so. @returns the error */
export function cameOf(op: Op, error: unknown): unknown {
  const ours = error instanceof Errno || error instanceof Signal || error instanceof KernelBug;
  if (ours) error.op ??= op;
  return error;
}
