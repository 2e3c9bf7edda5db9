// What a kernel answers beside what the simulator does: agreement, difference, and what is neither.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { largeFolio, releases, runScene, UNAVAILABLE } from "sim";
import { compareAnswers, look, machineAnswers, machineLacks } from "./compare.ts";
import { abilityOf } from "./operation.ts";

const test = suite("compareAnswers()");
const lines = ["P0 mmap a 1 priv", "P0 w a0 5", "* snap a0 1", "P0 r a0"];
const kernel = ["ok", "ok f1 new", "P0=Ax1", "=5 f0"];

test("answers that are the same agree, as do those whose difference is not seen", () => {
  assert.equal(compareAnswers(lines, { kernel, machine: kernel }, "frames"), { verdict: "agrees" });
  const machine = ["ok", "ok f1 copy", "P0=Ax2", "=5 f0"];
  assert.equal(compareAnswers(lines, { kernel, machine }, "faults"), { verdict: "agrees" });
});

test("the least level at which a scene differs is told, with its line", () => {
  const cases: [string[], at: number, level: string][] = [
    [["ok", "ok f1 copy", "P0=Ax1", "=6 f0"], 3, "bytes"],
    [["ok", "ok f1 copy", "P0=A.2", "=5 f0"], 2, "faults"],
    [["ok", "ok f1 copy", "P0=Ax1", "=5 f0"], 1, "frames"],
    [["ok", "broken: a rule"], 1, "bytes"],
  ];
  for (const [machine, at, level] of cases) {
    assert.equal(compareAnswers(lines, { kernel, machine }, "frames"), {
      verdict: "differs",
      at,
      level,
    });
  }
});

test("what one of them does not have ends the comparison; what was before it counts", () => {
  const reasons = new Map([["swap", "no page goes out"]]);
  const out = ["P0 w a0 1", "P0 madv a0 1 pageout", "P0 r a0"];
  const compared = (kernel: string[], machine: string[]) =>
    compareAnswers(out, { kernel, machine }, "frames", reasons);
  assert.equal(compared(["ok", "unavailable", "=1 f0"], ["ok", "unavailable", "=2 f0"]), {
    verdict: "unavailable",
    at: 1,
    why: "kernel and simulator: madv pageout, no page goes out",
  });
  assert.equal(compared(["ok", "ok", "=1 f1"], ["ok", "unavailable", "=1 f0"]), {
    verdict: "unavailable",
    at: 1,
    why: "simulator: madv pageout",
  });
  assert.equal(compared(["ok", "unavailable", "=1 f0"], ["segv", "ok", "=1 f0"]), {
    verdict: "differs",
    at: 0,
    level: "bytes",
  });
});

test("look() leaves out the mark of KSM pages, which only some kernels show", () => {
  assert.is(look("P0=A.2k,Bx1kt,C.1f P1=A.2k", "frames"), "P0=A.2,Bx1t,C.1f P1=A.2");
  assert.is(look(undefined, "frames"), undefined);
});

test("machineAnswers() names the line at which the simulator breaks a rule of its own", () => {
  const good = releases.find(({ era }) => era.name === largeFolio.name)!;
  const broken = { ...good, era: { ...good.era, forkMustCopy: () => false } };
  const scene = ["P0 mmap a 1 priv", "P0 pin a0 1 0", "P0 fork P1", "P0 w a0 1"];
  assert.equal(machineAnswers(scene, good), ["ok", "ok", "ok", "ok f0 same"]);
  const answers = machineAnswers(scene, broken);
  assert.equal(answers.slice(0, 2), ["ok", "ok"]);
  assert.match(answers[2]!, /^broken: /);
  assert.is(answers.length, 3);
});

test("machineLacks() finds what the simulator answers unavailable", () => {
  const trials: Record<string, string> = {
    uring: "P0 pin a0 1 0",
    fuse: "P0 dw a0 1 fuse",
    loop: "P0 dw a0 1 loop",
    swap: "P0 madv a0 1 pageout",
    ksm: "P0 madv a0 1 mergeable",
    thp: "P0 madv a0 512 hugepage",
    softdirty: "P0 cr",
    memlock: "P0 mlock a0 1",
    hugetlb: "P0 mmap b 1 hugetlb",
  };
  for (const release of releases) {
    const lacks = Object.entries(trials).filter(([, line]) =>
      runScene(["P0 mmap a 512 priv", line], release).includes(UNAVAILABLE)
    );
    assert.equal(machineLacks().sort(), lacks.map(([ability]) => ability).sort());
  }
});

test("abilityOf() knows what a probe needs for a line", () => {
  const cases: [string, string | undefined][] = [
    ["P0 pin a0 1 0", "uring"],
    ["P0 dw a0 1 loop", "loop"],
    ["P0 madv a0 1 pageout", "swap"],
    ["P0 madv a0 1 dontfork", undefined],
    ["* ksm", "ksm"],
    ["P0 mlock a0 1", "memlock"],
    ["P0 mmap a 1 hugetlb", "hugetlb"],
    ["P0 w a0 1", undefined],
  ];
  for (const [line, ability] of cases) assert.is(abilityOf(line), ability, line);
});

test.run();
