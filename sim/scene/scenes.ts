/**
 * The named scenes: hazards of pages that somebody holds, one file each, so that chapters, tests and real kernels run the
 * same text. Huge pages are among them, and are `unavailable` on the machine.
 *
 * @module
 */

import childVmsplice from "../scenes/child-vmsplice.scene" with { type: "text" };
import childVmspliceHugetlb from "../scenes/child-vmsplice-hugetlb.scene" with { type: "text" };
import childVmspliceSwapped from "../scenes/child-vmsplice-swapped.scene" with { type: "text" };
import childVmspliceThp from "../scenes/child-vmsplice-thp.scene" with { type: "text" };
import directReadFork from "../scenes/direct-read-fork.scene" with { type: "text" };
import directReadForkChildThenParent from "../scenes/direct-read-fork-child-then-parent.scene" with {
  type: "text",
};
import directReadForkParentWrites from "../scenes/direct-read-fork-parent-writes.scene" with {
  type: "text",
};
import directReadMprotect from "../scenes/direct-read-mprotect.scene" with { type: "text" };
import directWriteForkParentWrites from "../scenes/direct-write-fork-parent-writes.scene" with {
  type: "text",
};
import filePinRead from "../scenes/file-pin-read.scene" with { type: "text" };
import forkChildExits from "../scenes/fork-child-exits.scene" with { type: "text" };
import forkVmspliceChildExits from "../scenes/fork-vmsplice-child-exits.scene" with {
  type: "text",
};
import forkVmspliceParentUnmaps from "../scenes/fork-vmsplice-parent-unmaps.scene" with {
  type: "text",
};
import ksmPin from "../scenes/ksm-pin.scene" with { type: "text" };
import ksmPinned from "../scenes/ksm-pinned.scene" with { type: "text" };
import mremapPinned from "../scenes/mremap-pinned.scene" with { type: "text" };
import pinDontfork from "../scenes/pin-dontfork.scene" with { type: "text" };
import pinForkChildThenParent from "../scenes/pin-fork-child-then-parent.scene" with {
  type: "text",
};
import pinForkChildWrites from "../scenes/pin-fork-child-writes.scene" with { type: "text" };
import pinForkDeviceWrites from "../scenes/pin-fork-device-writes.scene" with { type: "text" };
import pinForkParentThenDevice from "../scenes/pin-fork-parent-then-device.scene" with {
  type: "text",
};
import pinForkParentWrites from "../scenes/pin-fork-parent-writes.scene" with { type: "text" };
import pinForkThp from "../scenes/pin-fork-thp.scene" with { type: "text" };
import pinForkThpChildFirst from "../scenes/pin-fork-thp-child-first.scene" with { type: "text" };
import pinMprotect from "../scenes/pin-mprotect.scene" with { type: "text" };
import pinPageout from "../scenes/pin-pageout.scene" with { type: "text" };
import pinShared from "../scenes/pin-shared.scene" with { type: "text" };
import pinWipeonfork from "../scenes/pin-wipeonfork.scene" with { type: "text" };
import readExclusive from "../scenes/read-exclusive.scene" with { type: "text" };
import readFork from "../scenes/read-fork.scene" with { type: "text" };
import readPreviouslyShared from "../scenes/read-previously-shared.scene" with { type: "text" };
import readShared from "../scenes/read-shared.scene" with { type: "text" };
import readZeroPage from "../scenes/read-zero-page.scene" with { type: "text" };
import swapForkWrite from "../scenes/swap-fork-write.scene" with { type: "text" };
import vmspliceForkChildExits from "../scenes/vmsplice-fork-child-exits.scene" with {
  type: "text",
};
import vmspliceForkParentUnmaps from "../scenes/vmsplice-fork-parent-unmaps.scene" with {
  type: "text",
};
import vmspliceMprotect from "../scenes/vmsplice-mprotect.scene" with { type: "text" };
import vmsplicePageout from "../scenes/vmsplice-pageout.scene" with { type: "text" };
import vmspliceParentWrites from "../scenes/vmsplice-parent-writes.scene" with { type: "text" };
import { parseScenes, type Scene } from "./scene.ts";

/** Every named scene, by its name, which is its file's: `sim/scenes/NAME.scene`. */
export const scenes: ReadonlyMap<string, Scene> = new Map(
  [
    childVmsplice,
    childVmspliceHugetlb,
    childVmspliceSwapped,
    childVmspliceThp,
    directReadFork,
    directReadForkChildThenParent,
    directReadForkParentWrites,
    directReadMprotect,
    directWriteForkParentWrites,
    filePinRead,
    forkChildExits,
    forkVmspliceChildExits,
    forkVmspliceParentUnmaps,
    ksmPin,
    ksmPinned,
    mremapPinned,
    pinDontfork,
    pinForkChildThenParent,
    pinForkChildWrites,
    pinForkDeviceWrites,
    pinForkParentThenDevice,
    pinForkParentWrites,
    pinForkThp,
    pinForkThpChildFirst,
    pinMprotect,
    pinPageout,
    pinShared,
    pinWipeonfork,
    readExclusive,
    readFork,
    readPreviouslyShared,
    readShared,
    readZeroPage,
    swapForkWrite,
    vmspliceForkChildExits,
    vmspliceForkParentUnmaps,
    vmspliceMprotect,
    vmsplicePageout,
    vmspliceParentWrites,
  ].flatMap((text) => parseScenes(text).map((scene) => [scene.name, scene] as const)),
);
