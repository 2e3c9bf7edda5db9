/**
 * Memory that a program registers with an RDMA adapter. Models drivers/infiniband/core/umem.c.
 * Left out: what the adapter does with it, RLIMIT_MEMLOCK.
 *
 * @module
 */

import { Errno } from "../errno.ts";
import type { Machine, Path } from "../machine.ts";
import { get_user_pages, put_user_pages } from "../mm/gup.ts";
import type { Addr, Mm } from "../state.ts";
import { FOLL_FORCE, FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from "../uapi.ts";

/**
 * Takes a long-term reference to each page. For an adapter that only reads, older kernels asked to write by force all
 * the same, so that a shared page was copied before it was held; see {@linkcode Era.umemForcesWrite}.
 *
 * @param writable may the adapter write (IB_ACCESS_LOCAL_WRITE and its like)?
 * @throws Errno EFAULT, all or nothing
 */
export function* ib_umem_get(
  m: Machine,
  mm: Mm,
  addr: Addr,
  pages: number,
  writable: boolean,
  holder: string,
): Path<void> {
  const forced = m.era.umemForcesWrite ? FOLL_WRITE | FOLL_FORCE : 0;
  const gup_flags = FOLL_PIN | FOLL_LONGTERM | (writable ? FOLL_WRITE : forced);
  const got = yield* get_user_pages(m, mm, addr, pages, gup_flags, holder);
  if (got.length === pages) return;
  put_user_pages(m, holder);
  throw new Errno("EFAULT", `ib_umem_get(0x${addr.toString(16)}): only ${got.length} pages`);
}
