/**
 * Who holds pages beside the processes that map them: drivers, buffers of io_uring, direct I/O, pipes, readers from
 * afar; and KSM, which merges them.
 *
 * @module
 */

import { bytesOf } from "../data.ts";
import { dmaRead, dmaWrite } from "../devices/dma.ts";
import { ib_umem_get } from "../devices/umem.ts";
import type { Operands } from "../event.ts";
import type { Host } from "../host.ts";
import { atomic } from "../machine.ts";
import { directIoDelivered, directIoFetched, directIoStart } from "../mm/direct_io.ts";
import { get_user_pages, put_user_pages } from "../mm/gup.ts";
import { io_sqe_buffer_register } from "../mm/io_uring.ts";
import { ksm_do_scan, unmerge_and_remove_all_rmap_items } from "../mm/ksm.ts";
import { processVmEnd, processVmStart } from "../mm/process_vm_access.ts";
import { pipe_read, vmsplice } from "../mm/splice.ts";
import { FOLL_PIN } from "../uapi.ts";
import { named, operation } from "./operation.ts";

const DIRECT = { words: ["page", "count", "file"], collects: true } as const;
const inFlight = () => () => "inflight";
/** A transfer of nothing is over at once. */
const transfers = (_: Host, { pages }: Pick<Operands, "pages">) => () =>
  pages === 0 ? "ok" : "inflight";

/** Who holds pages, and what becomes of them. */
export const holders = named({
  get_user_pages: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "gup_flags", "holder"],
    path: (m, { pid, addr, pages, gup_flags, holder }) =>
      get_user_pages(m, m.mm(pid), addr, pages, gup_flags, holder),
  }),
  pin_user_pages: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "gup_flags", "holder"],
    path: (m, { pid, addr, pages, gup_flags, holder }) =>
      get_user_pages(m, m.mm(pid), addr, pages, gup_flags | FOLL_PIN, holder),
  }),
  ib_umem_get: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "writable", "holder"],
    path: (m, { pid, addr, pages, writable, holder }) =>
      ib_umem_get(m, m.mm(pid), addr, pages, writable, holder),
  }),
  io_uring_register: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "holder", "gup_flags", "fast"],
    path: (m, { pid, addr, pages, holder, gup_flags, fast }) =>
      io_sqe_buffer_register(m, m.mm(pid), addr, pages, holder, gup_flags, fast),
    scene: {
      word: "pin",
      words: ["page", "count", "ring", "how"],
      collects: true,
      needs: "uring",
      does:
        "fixed buffer R of io_uring: a long-term pin for writing; `r` to read only, `short` not for long, `fast` by gup-fast first",
      answers: "`ok`, `EFAULT`, `EBUSY`, `EOPNOTSUPP`",
    },
  }),
  device_read: operation({
    who: "outside",
    operands: ["holder", "offset", "length"],
    path: (m, { holder, offset, length }) => atomic(() => dmaRead(m, holder, offset, length)),
    scene: {
      word: "gr",
      reads: true,
      words: ["ring", "index"],
      also: { length: 1 },
      without: "EFAULT",
      needs: "uring",
      does: "the device reads page i of buffer R",
      answers: "`=V`, `EFAULT`",
      answer: () => ([value]) => `=${value}`,
    },
  }),
  device_write: operation({
    who: "outside",
    operands: ["holder", "offset", "data"],
    path: (m, { holder, offset, data }) => atomic(() => dmaWrite(m, holder, offset, bytesOf(data))),
    scene: {
      word: "gw",
      words: ["ring", "index", "value"],
      without: "EFAULT",
      needs: "uring",
      does: "the device writes page i of buffer R",
      answers: "`ok`, `EFAULT`",
    },
  }),
  put_user_pages: operation({
    who: "outside",
    operands: ["holder"],
    path: (m, { holder }) => atomic(() => put_user_pages(m, holder)),
    scene: {
      word: "unpin",
      words: ["ring"],
      without: "ENXIO",
      needs: "uring",
      does: "lets go of buffer R",
      answers: "`ok`, `ENXIO`",
    },
  }),
  vmsplice: operation({
    who: "process",
    operands: ["pid", "addr", "holder"],
    path: (m, { pid, addr, holder }) => vmsplice(m, m.mm(pid), addr, holder),
    scene: {
      word: "vms",
      words: ["page", "pipe"],
      does: "puts a page into pipe K by reference",
      answers: "`ok`, `EFAULT`",
    },
  }),
  pipe_read: operation({
    who: "outside",
    operands: ["holder"],
    path: (m, { holder }) => atomic(() => pipe_read(m, holder)),
    scene: {
      word: "pr",
      reads: true,
      words: ["pipe"],
      does: "reads one page from pipe K",
      answers: "`=V`, `empty`",
      answer: () => (bytes) => bytes ? `=${bytes[0]}` : "empty",
    },
  }),
  tee: operation({
    who: "outside",
    operands: ["holder", "offset", "length"],
    path: (m, { holder, offset, length }) => atomic(() => dmaRead(m, holder, offset, length)),
    scene: {
      word: "tee",
      words: ["pipe"],
      reads: true,
      also: { offset: 0, length: 1 },
      without: "empty",
      does: "reads the next page of pipe K, and leaves it there",
      answers: "`=V`, `empty`",
      answer: () => ([value]) => `=${value}`,
    },
  }),
  write: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "holder", "disk"],
    path: (m, { pid, addr, pages, holder, disk }) =>
      directIoStart(m, m.mm(pid), addr, pages, "write", holder, disk),
    scene: {
      word: "dw",
      ...DIRECT,
      also: { holder: "dw" },
      does: "direct I/O from memory, which stays in flight",
      answers: "`inflight`, `EFAULT`, `EBUSY`; `ok` for no page",
      answer: transfers,
    },
  }),
  fetched: operation({
    who: "outside",
    operands: ["holder"],
    path: (m, { holder }) => atomic(() => directIoFetched(m, holder)),
    scene: {
      word: "dwend",
      reads: true,
      words: [],
      also: { holder: "dw" },
      without: "none",
      does: "the device fetches what is written",
      answers: "`=V,=V`, `none`",
      answer: () => (values) => values.map((value) => `=${value}`).join(),
    },
  }),
  read: operation({
    who: "process",
    operands: ["pid", "addr", "pages", "holder", "disk"],
    path: (m, { pid, addr, pages, holder, disk }) =>
      directIoStart(m, m.mm(pid), addr, pages, "read", holder, disk),
    scene: {
      word: "dr",
      ...DIRECT,
      also: { holder: "dr" },
      does: "direct I/O into memory, which stays in flight",
      answers: "`inflight`, `EFAULT`, `EBUSY`; `ok` for no page",
      answer: transfers,
    },
  }),
  delivered: operation({
    who: "outside",
    operands: ["holder", "value"],
    path: (m, { holder, value }) => atomic(() => directIoDelivered(m, holder, value)),
    scene: {
      word: "drend",
      words: ["value"],
      also: { holder: "dr" },
      without: "none",
      does: "the device delivers V into every page",
      answers: "`ok`, `none`",
    },
  }),
  process_vm_readv: operation({
    who: "process",
    operands: ["pid", "target", "addr", "holder"],
    path: (m, { target, addr, holder }) => processVmStart(m, m.mm(target), addr, holder),
    scene: {
      word: "vmread",
      words: ["page", "process", "reader"],
      needs: "fuse",
      does: "P0 begins to read P1's page, and stops half-way",
      answers: "`inflight`, `EFAULT`, `EBUSY`",
      answer: inFlight,
    },
  }),
  remote_read: operation({
    who: "outside",
    operands: ["holder"],
    path: (m, { holder }) => atomic(() => processVmEnd(m, holder)),
    scene: {
      word: "vmend",
      reads: true,
      words: ["reader"],
      needs: "fuse",
      does: "reader K goes on",
      answers: "`=V`, `none`",
      answer: () => (bytes) => bytes ? `=${bytes[0]}` : "none",
    },
  }),
  ksm_scan: operation({
    who: "outside",
    operands: ["scans"],
    *path(m, { scans }) {
      for (let scan = 0; scan < scans; scan++) if (!(yield* ksm_do_scan(m))) return false;
      return true;
    },
    scene: {
      word: "ksm",
      words: [],
      also: { scans: 4 },
      needs: "ksm",
      does: "four full scans",
      answers: "`ok`, `timeout` when there is nothing to scan",
      answer: () => (any) => any ? "ok" : "timeout",
    },
  }),
  ksm_unmerge: operation({
    who: "outside",
    operands: [],
    path: (m) => unmerge_and_remove_all_rmap_items(m),
    scene: {
      word: "unksm",
      words: [],
      needs: "ksm",
      does: "everything broken up again",
      answers: "`ok`",
    },
  }),
});
