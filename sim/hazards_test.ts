// Who sees whose writes: the hazards of pages that somebody holds, era by era, as one table.
//
// A cell is what the last lines of the scene read: the device, the pipe or whoever else reads, then the parent, then the
// child. 0 is the byte at the beginning, P C D the one that the parent, the child, the device wrote, 50 what the file holds;
// - is a huge page, which the machine does not have. ✗ is wrong, by what the scene's file keeps and hides.
//
// The cells are what real kernels answered; but the column refcount_old follows from its rule, and so do the first two
// cells after it of pin-shared, where those kernels refuse the pin. Of the last nine rows 6.18.44, which is large_folio,
// has answered all but file-pin-read; in the other columns they follow from what was seen of their parts:
//
//   direct-write-fork-parent-writes   up to ro_longterm a plain reference, for which fork copies nothing: the parent's
//                                     store moves it away, as when direct I/O reads the file; then a pin, as pin-fork-*
//   pin-pageout                       reclaim leaves a pinned page, and before 5.10.9 it came back by the rule mapcount
//   vmsplice-pageout                  by page_count a read that brings a page back leaves its writer to count references;
//                                     by refcount_old reclaim leaves a page that somebody refers to
//   swap-fork-write                   no fork may show the child what the parent stores, whoever reads first
//   file-pin-read                     the page of the file is what is held, unless every read breaks copy-on-write or a
//                                     long-term pin does: the kernel's own selftest fails on 6.1 and passes from 6.12
//   mremap-pinned                     the entry moves, and with it what it says: nothing has to be decided anew
//   ksm-pin, ksm-pinned               a merged page is copied before a pin may write to it; a page that somebody refers to
//                                     is not merged, and its entry stays writable
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Answered, judge, releaseNamed, rightOf, scenes, type VerdictWord } from "./mod.ts";

const TABLE = `
|                                    | refcount_old | mapcount    | read_gup_breaks_cow | page_count  | anon_exclusive | ro_longterm | large_folio | 5.4.38      | 5.18        | 6.12.107    |
| pin-mprotect                       | ✗ 0/P        | P/P         | P/P                 | ✗ 0/P       | P/P            | P/P         | P/P         | P/P         | ✗ 0/P       | P/P         |
| pin-fork-parent-writes             | ✗ 0/P/0      | ✗ 0/P/0     | ✗ 0/P/0             | P/P/0       | P/P/0          | P/P/0       | P/P/0       | ✗ 0/P/0     | P/P/0       | P/P/0       |
| pin-fork-child-then-parent         | ✗ 0/P/C      | P/P/C       | P/P/C               | P/P/C       | P/P/C          | P/P/C       | P/P/C       | P/P/C       | P/P/C       | P/P/C       |
| pin-fork-device-writes             | ✗ D/D/D      | ✗ D/D/D     | ✗ D/D/D             | D/D/0       | D/D/0          | D/D/0       | D/D/0       | ✗ D/D/D     | D/D/0       | D/D/0       |
| pin-fork-parent-then-device        | ✗ D/P/D      | ✗ D/P/D     | ✗ D/P/D             | D/D/0       | D/D/0          | D/D/0       | D/D/0       | ✗ D/P/D     | D/D/0       | D/D/0       |
| pin-fork-child-writes              | 0/0/C        | 0/0/C       | 0/0/C               | 0/0/C       | 0/0/C          | 0/0/C       | 0/0/C       | 0/0/C       | 0/0/C       | 0/0/C       |
| pin-dontfork                       | P/P/SIGSEGV  | P/P/SIGSEGV | P/P/SIGSEGV         | P/P/SIGSEGV | P/P/SIGSEGV    | P/P/SIGSEGV | P/P/SIGSEGV | P/P/SIGSEGV | P/P/SIGSEGV | P/P/SIGSEGV |
| pin-wipeonfork                     | P/P/zero     | P/P/zero    | P/P/zero            | P/P/zero    | P/P/zero       | P/P/zero    | P/P/zero    | P/P/zero    | P/P/zero    | P/P/zero    |
| pin-shared                         | P/P/P        | P/P/P       | P/P/P               | P/P/P       | P/P/P          | P/P/P       | P/P/P       | EFAULT/P/P  | P/P/P       | P/P/P       |
| direct-read-fork-parent-writes     | ✗ P/D        | ✗ P/D       | ✗ P/D               | ✗ P/D       | ✗ P/D          | ✗ P/D       | D/0         | ✗ P/D       | ✗ P/D       | D/0         |
| direct-read-fork                   | ✗ D/D        | ✗ D/D       | ✗ D/D               | ✗ D/D       | ✗ D/D          | ✗ D/D       | D/0         | ✗ D/D       | ✗ D/D       | D/0         |
| direct-read-fork-child-then-parent | ✗ P/C        | D/C         | D/C                 | ✗ P/C       | ✗ P/C          | ✗ P/C       | D/C         | D/C         | ✗ P/C       | D/C         |
| direct-read-mprotect               | ✗ 0          | D           | D                   | ✗ 0         | D              | D           | D           | D           | ✗ 0         | D           |
| read-shared                        | ✗ 0/P/0      | ✗ 0/P/0     | P/P/0               | ✗ 0/P/0     | P/P/0          | P/P/0       | P/P/0       | ✗ 0/P/0     | ✗ 0/P/0     | P/P/0       |
| read-previously-shared             | ✗ 0/P        | P/P         | P/P                 | ✗ 0/P       | P/P            | P/P         | P/P         | P/P         | ✗ 0/P       | P/P         |
| read-exclusive                     | ✗ 0/P        | P/P         | P/P                 | ✗ 0/P       | P/P            | P/P         | P/P         | P/P         | ✗ 0/P       | P/P         |
| read-zero-page                     | zero/P       | zero/P      | P/P                 | zero/P      | zero/P         | zero/P      | zero/P      | zero/P      | zero/P      | zero/P      |
| read-fork                          | ✗ 0/P/0      | ✗ 0/P/0     | ✗ 0/P/0             | P/P/0       | P/P/0          | P/P/0       | P/P/0       | ✗ 0/P/0     | P/P/0       | P/P/0       |
| child-vmsplice                     | 0            | ✗ P         | 0                   | 0           | 0              | 0           | 0           | ✗ P         | 0           | 0           |
| child-vmsplice-thp                 | -            | -           | -                   | -           | -              | -           | -           | -           | -           | -           |
| child-vmsplice-swapped             | 0            | ✗ P         | 0                   | ✗ P         | 0              | 0           | 0           | ✗ P         | 0           | 0           |
| child-vmsplice-hugetlb             | -            | -           | -                   | -           | -              | -           | -           | -           | -           | -           |
| vmsplice-fork-parent-unmaps        | 0            | ✗ C         | ✗ C                 | 0           | 0              | 0           | 0           | ✗ C         | 0           | 0           |
| fork-vmsplice-parent-unmaps        | 0            | ✗ C         | 0                   | 0           | 0              | 0           | 0           | ✗ C         | 0           | 0           |
| vmsplice-parent-writes             | P            | P           | P                   | P           | P              | P           | P           | P           | P           | P           |
| vmsplice-mprotect                  | ✗ 0          | P           | P                   | ✗ 0         | P              | P           | P           | P           | ✗ 0         | P           |
| fork-child-exits                   | reuse        | reuse       | reuse               | reuse       | reuse          | reuse       | reuse       | reuse       | reuse       | reuse       |
| vmsplice-fork-child-exits          | 0            | P           | P                   | 0           | 0              | 0           | 0           | P           | 0           | 0           |
| fork-vmsplice-child-exits          | 0            | P           | P                   | 0           | 0              | 0           | 0           | P           | 0           | 0           |
| pin-fork-thp-child-first           | -            | -           | -                   | -           | -              | -           | -           | -           | -           | -           |
| direct-write-fork-parent-writes    | ✗ 0/P/0      | ✗ 0/P/0     | ✗ 0/P/0             | ✗ 0/P/0     | ✗ 0/P/0        | ✗ 0/P/0     | P/P/0       | ✗ 0/P/0     | ✗ 0/P/0     | P/P/0       |
| pin-pageout                        | P/P          | P/P         | P/P                 | P/P         | P/P            | P/P         | P/P         | P/P         | P/P         | P/P         |
| vmsplice-pageout                   | P            | P           | P                   | ✗ 0         | P              | P           | P           | P           | ✗ 0         | P           |
| swap-fork-write                    | 0/P          | 0/P         | 0/P                 | 0/P         | 0/P            | 0/P         | 0/P         | 0/P         | 0/P         | 0/P         |
| file-pin-read                      | ✗ 50/P       | ✗ 50/P      | P/P                 | ✗ 50/P      | ✗ 50/P         | P/P         | P/P         | ✗ 50/P      | ✗ 50/P      | P/P         |
| mremap-pinned                      | P/P          | P/P         | P/P                 | P/P         | P/P            | P/P         | P/P         | P/P         | P/P         | P/P         |
| ksm-pin                            | P/P/0        | P/P/0       | P/P/0               | P/P/0       | P/P/0          | P/P/0       | P/P/0       | P/P/0       | P/P/0       | P/P/0       |
| ksm-pinned                         | P/P/0        | P/P/0       | P/P/0               | P/P/0       | P/P/0          | P/P/0       | P/P/0       | P/P/0       | P/P/0       | P/P/0       |
| pin-fork-thp                       | -            | -           | -                   | -           | -              | -           | -           | -           | -           | -           |
`;

const test = suite("hazards");
const [head, ...rows] = TABLE.trim().split("\n")
  .map((line) => line.split("|").slice(1, -1).map((text) => text.trim()));
for (const [name, ...cells] of rows) {
  for (const [i, expected] of cells.entries()) {
    const kernel = head![i + 1]!;
    test(`${name}, ${kernel}`, () => {
      const judged = judge(scenes.get(name!)!, releaseNamed(kernel));
      const sign = judged?.wrong.length ? "✗ " : "";
      assert.is(judged ? `${sign}${judged.outcome}` : "-", expected);
    });
  }
}

// The scenes that promise nothing, and what is true of them all the same: a pipe, or a reader, that was promised no more.
const UNPROMISED: Record<string, VerdictWord> = {
  "fork-vmsplice-child-exits": "parted",
  "read-zero-page": "parted",
  "vmsplice-fork-child-exits": "parted",
};

test("the verdicts, from page tables and holders alone, are wrong in the scenes that read what is wrong, and in no other", () => {
  for (const scene of scenes.values()) {
    for (const kernel of head!.slice(1)) {
      const judged = judge(scene, releaseNamed(kernel));
      if (!judged) continue;
      const found = judged.verdicts.filter((word) => word !== "whole");
      if (UNPROMISED[scene.name]) {
        assert.ok(found.every((word) => word === UNPROMISED[scene.name]), scene.name);
      } else assert.is(found.length > 0, judged.wrong.length > 0, `${scene.name}, ${kernel}`);
    }
  }
});

test("the verdicts say of what is wrong which kind it is", () => {
  for (const { name, lines, keeps = [], hides = [] } of scenes.values()) {
    for (const kernel of head!.slice(1)) {
      const judged = judge({ lines, keeps, hides }, releaseNamed(kernel));
      if (!judged) continue;
      const broken = (rules: { keeps?: Answered[]; hides?: Answered[] }) =>
        judge({ lines, ...rules }, releaseNamed(kernel))!.wrong.length > 0;
      const outside = keeps.filter(({ line }) => line.startsWith("*"));
      const inside = keeps.filter(({ line, answer }) => line.startsWith("P") && answer === "=4");
      const due: [VerdictWord, boolean][] = [
        ["parted", broken({ keeps: outside })],
        ["lost write", broken({ keeps: inside })],
        ["leaked", broken({ hides: [...hides] })],
      ];
      for (const [word, wrong] of due) {
        if (wrong) assert.ok(judged.verdicts.includes(word), `${name}, ${kernel}: ${word}`);
      }
    }
  }
});

test("every named scene has a row, and every row is one", () => {
  assert.equal(rows.map(([name]) => name!).sort(), [...scenes.keys()].sort());
});

test("a scene keeps and hides what somebody reads at its end, or nothing is promised in it", () => {
  for (const { name, lines, keeps = [], hides = [] } of scenes.values()) {
    for (const { line } of [...keeps, ...hides]) {
      assert.ok(lines.includes(line), `${name}: ${line}`);
    }
  }
  assert.equal([...scenes.values()].filter((scene) => !rightOf(scene)).map(({ name }) => name), [
    "fork-child-exits", // a copy would only cost
    "fork-vmsplice-child-exits", // a plain reference is promised nothing over a fork
    "read-zero-page", // and a short pin nothing of the zero page
    "vmsplice-fork-child-exits",
  ]);
});

test("judge() tells who read what in words, and which of it is wrong", () => {
  const told = (name: string, kernel: string) => {
    const { words, wrong } = judge(scenes.get(name)!, releaseNamed(kernel))!;
    return words.map((part, at) => wrong.includes(at) ? `${part}!` : part).join(", ");
  };
  assert.equal([
    told("pin-fork-parent-writes", "mapcount"),
    told("pin-fork-parent-then-device", "mapcount"),
    told("pin-fork-child-writes", "mapcount"),
    told("pin-dontfork", "mapcount"),
    told("pin-wipeonfork", "mapcount"),
    told("file-pin-read", "mapcount"),
    told("pin-shared", "5.4.38"),
    told("child-vmsplice", "mapcount"),
    told("fork-vmsplice-parent-unmaps", "mapcount"),
    told("read-shared", "mapcount"),
    told("ksm-pin", "mapcount"),
    told("fork-child-exits", "mapcount"),
  ], [
    "device old!, parent new, child old",
    "device its own, parent new!, child the device's!",
    "device old, parent old, child its own",
    "device new, parent new, child SIGSEGV",
    "device new, parent new, child zeros",
    "device the file's!, parent new",
    "device refused, parent new, child new",
    "pipe new!",
    "pipe the child's!",
    "reader old!, parent new, child old",
    "device new, parent a0 new, parent a1 old",
    "kept",
  ]);
  const right = ["pin-fork-device-writes", "pin-dontfork", "ksm-pin", "fork-child-exits"];
  assert.equal(right.map((name) => rightOf(scenes.get(name)!)), [
    "parent the device's; child not the device's",
    "device new; child SIGSEGV",
    "device new; parent a1 not new",
    "",
  ]);
});

test("every scene has a name of its own, which is its file's", () => {
  for (const [name, scene] of scenes) {
    assert.is(scene.name, name);
    assert.ok(scene.lines.length > 2, name);
  }
});

test.run();
