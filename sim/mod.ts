// This module is browser compatible.
/**
 * A machine small enough to read, on which fork(), copy-on-write and get_user_pages() meet.
 *
 * The tour: {@linkcode Lab} is where you work: a process maps, stores, forks; a device takes references and transfers.
 * {@linkcode frames} draws who owns which frame. Behind them, {@linkcode State} is changed by {@linkcode Event}s alone
 * (`state.ts`), so that {@linkcode Machine.at} can go back. The paths of the kernel stand in `mm/`, a file for each of
 * Linux's; where kernels of different years answer differently, they ask the {@linkcode Era} (`era.ts`).
 *
 * @module
 */

export { type Data, Lab, type LabOptions } from "./lab.ts";
export { Machine, type Path } from "./machine.ts";
export { anonExclusive, type Era, eraNamed, eras, mapcount, pageCount } from "./era.ts";
export { Errno, type ErrnoName, errnos, KernelBug, Signal } from "./errno.ts";
export {
  type Addr,
  type Event,
  FOLL_GET,
  FOLL_PIN,
  FOLL_WRITE,
  type Frame,
  GUP_PIN_COUNTING_BIAS,
  type Hold,
  type Mm,
  type MmId,
  PAGE_SIZE,
  type Pfn,
  type Pid,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  type Pte,
  type State,
  type Task,
  type Vma,
  type Vpn,
} from "./state.ts";
export { frames } from "./view/frames.ts";
export type { View } from "./view/view.ts";
