/**
 * An operation in words, as stories, films and messages tell it: `madvise(pid 1, 0x7000, 1 page, MADV_PAGEOUT)`.
 *
 * @module
 */

import type { Op, Operands } from "../event.ts";
import * as uapi from "../uapi.ts";
import { bytesText } from "./contents.ts";

type Args = Op["args"];

/** The line of the scene that asks for an operation; of any other, its call with its operands. */
export function operationText({ call, args, line }: Op): string {
  if (line !== undefined) return line;
  const says = SAYS[call];
  if (says) return says(args);
  const listed = list(args);
  return `${call}${listed && `(${listed})`}${behind(call, args)}`;
}

/** How an operand is written; what has no form, or has nothing to say, is not. */
const FORMS: { [K in keyof Operands]?: (value: NonNullable<Operands[K]>) => string } = {
  pid: (pid) => `pid ${pid}`,
  target: (pid) => `from pid ${pid}`,
  addr: hex,
  to: hex,
  pages: (pages) => count(pages, "page"),
  length: (length) => count(length, "byte"),
  prot: (prot) => bits("PROT_", prot) || "PROT_NONE",
  flags: (flags) => bits("MAP_", flags & ~(uapi.MAP_PRIVATE | uapi.MAP_ANONYMOUS)),
  advice: (advice) => nameOf("MADV_", advice) ?? String(advice),
  mark: String,
  writable: (writable) => writable ? "writable" : "",
  fd: (fd) => `fd ${fd}`,
  device: (device) => device,
  cloexec: (cloexec) => cloexec ? "O_CLOEXEC" : "",
  data: (data) => typeof data === "string" ? JSON.stringify(data) : bytesText(data),
};

/** What does not read like a call of C. */
const SAYS: Record<string, (args: Args) => string> = {
  mmap: ({ pid, addr, pages, prot, flags, fd }) => {
    const usual = prot === (uapi.PROT_READ | uapi.PROT_WRITE);
    return `mmap(${list({ pid, addr, pages, ...usual ? {} : { prot }, flags, fd })})`;
  },
  clone: ({ pid, child }) => `clone(pid ${pid}, CLONE_VM), the thread is pid ${child}`,
  setrlimit: ({ pid, limit }) => `setrlimit(pid ${pid}, RLIMIT_MEMLOCK, ${count(limit!, "page")})`,
  mem_read: ({ target, addr }) => `/proc/${target}/mem reads at ${hex(addr!)}`,
  mem_write: ({ target, addr, value }) => `/proc/${target}/mem writes ${value} at ${hex(addr!)}`,
  put_user_pages: ({ holder }) => `put_user_pages(${holder})`,
  device_read: ({ holder }) => `${holder} reads`,
  device_write: ({ holder, data }) => `${holder} writes ${list({ data })}`,
  pipe_read: ({ holder }) => `${holder} is read`,
  write: (args) => direct("write", args),
  read: (args) => direct("read", args),
  fetched: ({ holder }) => `${holder} is fetched`,
  delivered: ({ holder, value }) => `${holder} delivers ${value}`,
  process_vm_readv: ({ pid, target, addr }) => `process_vm_readv(${list({ pid, target, addr })})`,
  remote_read: ({ holder }) => `${holder} copies the page`,
  ksm_scan: () => "ksmd scans",
  ksm_unmerge: () => "ksmd unmerges",
};

function direct(call: string, { pid, holder, ...range }: Args): string {
  return `${call}(pid ${pid}, O_DIRECT, ${list(range)}) as ${holder}`;
}

/** What stands behind the parenthesis: who is started, who holds the pages. */
function behind(call: string, { child, holder }: Args): string {
  if (child !== undefined) return `, the child is pid ${child}`;
  if (holder === undefined) return "";
  return ` ${{ io_uring_register: "as", vmsplice: "into" }[call] ?? "for"} ${holder}`;
}

function list(args: Args): string {
  return Object.entries(args).map(([name, value]) => {
    const form = FORMS[name as keyof Operands] as ((value: unknown) => string) | undefined;
    return value === undefined ? "" : form?.(value) ?? "";
  }).filter((text) => text !== "").join(", ");
}

/** `0x7000`. */
export function hex(addr: number): string {
  return `0x${addr.toString(16)}`;
}

/** `1 page`, `2 pages`. */
function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

/** Linux's names of the bits that are set, with whatever has none as a number; empty for 0. */
function bits(prefix: string, value: number): string {
  const names: string[] = [];
  for (const [name, bit] of namesWith(prefix)) {
    if (bit === 0 || (value & bit) !== bit) continue;
    names.push(name);
    value &= ~bit;
  }
  return [...names, ...value ? [hex(value)] : []].join(" | ");
}

function nameOf(prefix: string, value: number): string | undefined {
  return namesWith(prefix).find(([, known]) => known === value)?.[0];
}

/** The constants of uapi.ts with a prefix, from the smallest. */
function namesWith(prefix: string): [name: string, value: number][] {
  return (Object.entries(uapi) as [string, unknown][])
    .filter((entry): entry is [string, number] =>
      entry[0].startsWith(prefix) && typeof entry[1] === "number"
    )
    .sort(([, a], [, b]) => a - b);
}
