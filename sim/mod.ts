/**
 * A machine small enough to read, on which fork(), copy-on-write and get_user_pages() meet.
 *
 * The tour: {@linkcode Lab} is where you work: a process maps, stores, forks; a device takes references and transfers.
 * {@linkcode frames} draws who owns which frame. Behind them, {@linkcode State} is changed by {@linkcode Event}s alone
 * (`event.ts`), so that {@linkcode Machine.at} can go back. The paths of the kernel stand in `mm/`, a file for each of
 * Linux's; where kernels of different years answer differently, they ask the {@linkcode Era} (`era.ts`).
 *
 * @module
 */

export type { Data } from "./data.ts";
export { Host, type LabOptions } from "./host.ts";
export { Lab } from "./lab.ts";
export { Machine, type MachineOptions, type Path, type Wait } from "./machine.ts";
export type { Care, Driver } from "./devices/driver.ts";
export type { Backing } from "./mm/mmap.ts";
export {
  anonExclusive,
  eraNamed,
  eras,
  largeFolio,
  mapcount,
  pageCount,
  readGupBreaksCow,
  refcountOld,
  roLongterm,
} from "./era.ts";
export type { Build, Era, KsmKernel, KsmPage, Proposals } from "./policy.ts";
export { follows, type Release, releaseNamed, releases, type Run, runs } from "./releases.ts";
export type { Event, Op, Operands } from "./event.ts";
export type { InScene, Operation } from "./operations/operation.ts";
export type { Counts, Reason, Sight } from "./reason.ts";
export { operations } from "./operations/table.ts";
export { type Ability, type Kind, type Meaning, SIGNS, WORDS } from "./scene/notation.ts";
export { operationText } from "./view/operation.ts";
export { reasonText } from "./view/reason.ts";
export { Errno, type ErrnoName, errnos, KernelBug, Signal } from "./errno.ts";
export {
  type Addr,
  type Contents,
  type Descriptor,
  type FileId,
  type Frame,
  type Hold,
  type Ksm,
  type MemoryObject,
  type Mishap,
  type Mm,
  type MmId,
  type ObjectId,
  PAGE_SIZE,
  type Pfn,
  type Pid,
  type Place,
  type Pte,
  type RmapItem,
  type Slot,
  type SlotId,
  type State,
  type SwapPte,
  type Task,
  type Vma,
  type Vpn,
  ZERO_PFN,
} from "./state.ts";
export * from "./uapi.ts";
export { atLevel, type Level, levels } from "./scene/level.ts";
export {
  type Answered,
  parseScenes,
  type Played,
  playScene,
  printScenes,
  runScene,
  type Scene,
  SceneError,
  UNAVAILABLE,
} from "./scene/scene.ts";
export { Translations } from "./scene/spurious.ts";
export { judge, type Judged, outcome, rightOf } from "./scene/outcome.ts";
export { type Ending, endingOf } from "./scene/ending.ts";
export { races } from "./scene/races.ts";
export { transcribe, type Transcript } from "./scene/transcript.ts";
export { scenes } from "./scene/scenes.ts";
export {
  explore,
  EXPLORE_LIMIT,
  type Explored,
  type ExploreOptions,
  type Outcome,
  replay,
  type Replayed,
} from "./scene/explore.ts";
export type { Racer, Step as RaceStep } from "./scene/race.ts";
export { frames, framesText } from "./view/frames.ts";
export { legend, type Sample } from "./view/legend.ts";
export { type Colour, processColour } from "./view/picture.ts";
export { maps } from "./view/maps.ts";
export { steps, verdictsIn } from "./view/steps.ts";
export { story, type Told } from "./view/story.ts";
export { type Display, type Step, STEPS, type View } from "./view/view.ts";
export {
  type Mark,
  MEANINGS,
  type Verdict,
  VERDICTS,
  verdicts,
  verdictSign,
  verdictText,
  type VerdictWord,
} from "./verdict.ts";
