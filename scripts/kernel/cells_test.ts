// The scenes of cells: as a file, and what came of each cell.

import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Cell,
  cellVerdicts,
  parseCells,
  printCells,
  replayedText,
  scenesOf,
} from "./cells.ts";
import { releaseNamed } from "../../sim/mod.ts";
import { machineAnswers } from "./compare.ts";
import type { KernelRecord } from "./record.ts";
import type { Outcome } from "./replay.ts";

const cells: Cell[] = [
  { name: "owners/1", deeds: [{ lines: ["P0 mmap a 1 priv", "* snap a0 1"] }] },
  { name: "owners/spawn", deeds: [{ lines: ["P0 fork P1"] }, { lines: ["P0 vfork P1"] }] },
  { name: "owners/device", deeds: [{ lacks: "nic writes: no system call does" }] },
  { name: "owners/patched", deeds: [{ apart: "PROT_DONTCOPY, which was only proposed" }] },
  { name: "later/table", deeds: [{ scene: "pin-fork" }, { scene: "pin-mprotect" }] },
  { name: "later/mixed", deeds: [{ apart: "the cell's own driver of nic" }, { lines: ["P0 cr"] }] },
];

/** What a kernel made of scenes, by name. */
const outcomes = (verdicts: Record<string, Outcome["verdict"]>): Outcome[] =>
  Object.entries(verdicts).map(([name, verdict]) => ({
    scene: { name, lines: [], places: [] },
    kernel: [],
    machine: [],
    verdict,
  }));
const agrees = { verdict: "agrees" } as const;

test("printCells() and parseCells() are each other's inverse", () => {
  assert.equal(parseCells(printCells(cells)), cells);
  assert.equal(parseCells(printCells([])), []);
});

test("parseCells() names a line that has no place in the file", () => {
  const text = printCells(cells).replace("=== owners/1", "owners/1");
  assert.throws(
    () => parseCells(text),
    (error: unknown) =>
      /^chapters\/cells\.scene:4: error: this has no place among the scenes of cells: owners\/1/
        .test(String(error)),
  );
});

test("scenesOf() names a cell's own scenes, and those that it shows", () => {
  assert.equal(scenesOf(cells[1]!), ["owners/spawn", "owners/spawn 2"]);
  assert.equal(scenesOf(cells[4]!), ["pin-fork", "pin-mprotect"]);
  assert.equal(scenesOf(cells[2]!), []);
});

test("cellVerdicts() lets a cell agree only where all that it does does", () => {
  const of = (verdicts: Record<string, Outcome["verdict"]>) =>
    cellVerdicts(cells, outcomes(verdicts)).map(({ verdict }) => verdict);
  const all = { "owners/1": agrees, "owners/spawn": agrees, "owners/spawn 2": agrees };
  const shown = { "pin-fork": agrees, "pin-mprotect": agrees };
  assert.equal(of({ ...all, ...shown }), [
    "agrees",
    "agrees",
    "unavailable",
    "apart",
    "agrees",
    "apart",
  ]);
  assert.is(
    of({ ...all, ...shown, "owners/spawn 2": { verdict: "differs", at: 0, level: "bytes" } })[1],
    "differs",
  );
  const unavailable = { verdict: "unavailable", at: 0, why: "kernel: madv pageout" } as const;
  const [, , , , table] = cellVerdicts(
    cells,
    outcomes({ ...all, "pin-fork": agrees, "pin-mprotect": unavailable }),
  );
  assert.equal(table, { cell: "later/table", verdict: "unavailable", why: "kernel: madv pageout" });
  assert.is(of(all)[4], "unavailable"); // what was not replayed has not agreed
});

test("replayedText() says on which kernels all scenes of a cell were seen, or why on none", () => {
  const record = (release: string, verdicts: Record<string, "agrees" | "differs">) =>
    ({
      release,
      entries: Object.entries(verdicts).map(([name, verdict]) => ({
        name,
        verdict,
        scene: "",
        answers: "",
        why: "P0 r a0: kernel =1, simulator =2",
      })),
    }) as unknown as KernelRecord;
  const spawn = cells[1]!, first = { "owners/spawn": "agrees" } as const;
  const both = { ...first, "owners/spawn 2": "agrees" } as const;
  assert.is(
    replayedText(spawn, [
      record("6.18.44", both),
      record("5.10.223", both),
      record("6.1.1", first),
    ]),
    "5.10.223, 6.18.44 each does this by its own rules: seen",
  );
  assert.is(replayedText(spawn, []), "these operations: seen on no kernel yet");
  assert.is(
    replayedText(spawn, [record("6.18.44", { ...first, "owners/spawn 2": "differs" })]),
    "these operations: a kernel answered otherwise, P0 r a0: kernel =1, simulator =2",
  );
  assert.is(
    replayedText(cells[2]!, []),
    "these operations were not replayed: nic writes: no system call does",
  );
  assert.is(
    replayedText(cells[3]!, []),
    "these operations use PROT_DONTCOPY, which was only proposed: no kernel can be asked",
  );
});

test("replayedText() does not confirm an output that the kernel contradicts", () => {
  const deeds = (...kernels: string[]) => {
    const lines = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 vms a0 0", "P0 fork P1", "P1 exec"];
    lines.push("P0 w a0 2", "* tee 0");
    const came = kernels.map((by) => ({ by, answers: machineAnswers(lines, releaseNamed(by)) }));
    return [{ lines, came }];
  };
  const record = {
    release: "6.18.44",
    entries: [{ name: "owners/child-first", verdict: "agrees", scene: "", answers: "" }],
  } as unknown as KernelRecord;
  const said = (...kernels: string[]) =>
    replayedText({ name: "owners/child-first", deeds: deeds() }, [record], deeds(...kernels));
  assert.is(said("large_folio"), "6.18.44 does the same: seen");
  assert.is(said("mapcount"), "6.18.44 answers otherwise, by its own rules: seen");
  assert.is(
    said("mapcount", "page_count", "large_folio"),
    "6.18.44 does the same as page_count, large_folio, and answers otherwise than mapcount: seen",
  );
  const written = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 fork P1", "P1 exec", "P0 w a0 2"];
  const answers = machineAnswers(written, releaseNamed("mapcount")).with(-1, "ok f1 copy");
  assert.is(
    replayedText({ name: "owners/child-first", deeds: [] }, [record], [
      { lines: written, came: [{ by: "", answers }] },
    ]),
    "6.18.44 reads the same, and faults or copies otherwise, by its own rules: seen",
  );
});

test.run();
