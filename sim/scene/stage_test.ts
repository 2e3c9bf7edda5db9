// The operations of a scene: what each is answered. What answered() runs is answered so by Linux 6.18.44.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "./held.ts";
import { releaseNamed, runScene, SceneError } from "../mod.ts";
import { readLine } from "./line.ts";
import { Stage } from "./stage.ts";

const test = suite("stage");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

test("* snap labels frames A to Z, then by number", () => {
  answered(`
    P0 mmap a 28 priv
    P0 w a0 0 -> ok f1 new
    P0 w a1 0 -> ok f1 new
    P0 w a2 0 -> ok f1 new
    P0 w a3 0 -> ok f1 new
    P0 w a4 0 -> ok f1 new
    P0 w a5 0 -> ok f1 new
    P0 w a6 0 -> ok f1 new
    P0 w a7 0 -> ok f1 new
    P0 w a8 0 -> ok f1 new
    P0 w a9 0 -> ok f1 new
    P0 w a10 0 -> ok f1 new
    P0 w a11 0 -> ok f1 new
    P0 w a12 0 -> ok f1 new
    P0 w a13 0 -> ok f1 new
    P0 w a14 0 -> ok f1 new
    P0 w a15 0 -> ok f1 new
    P0 w a16 0 -> ok f1 new
    P0 w a17 0 -> ok f1 new
    P0 w a18 0 -> ok f1 new
    P0 w a19 0 -> ok f1 new
    P0 w a20 0 -> ok f1 new
    P0 w a21 0 -> ok f1 new
    P0 w a22 0 -> ok f1 new
    P0 w a23 0 -> ok f1 new
    P0 w a24 0 -> ok f1 new
    P0 w a25 0 -> ok f1 new
    P0 w a26 0 -> ok f1 new
    P0 w a27 0 -> ok f1 new
    * snap a0 28 -> P0=Ax1,Bx1,Cx1,Dx1,Ex1,Fx1,Gx1,Hx1,Ix1,Jx1,Kx1,Lx1,Mx1,Nx1,Ox1,Px1,Qx1,Rx1,Sx1,Tx1,Ux1,Vx1,Wx1,Xx1,Yx1,Zx1,<26>x1,<27>x1
  `);
});

test("* snap lists processes by their slots", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 fork P3
    P0 fork P1
    P3 fork P2
    P3 w a0 3 -> ok f1 copy
    * snap a0 1 -> P0=A.3 P1=A.3 P2=A.3 P3=Bx1
    P1 exit
    * snap a1 1 -> P0=- P2=- P3=-
    P2 w a0 5 -> ok f1 copy
    P0 fork P3 -> exists
    P0 exit
    * snap a0 1 -> P2=Ax1 P3=Bx1
  `);
});

test("a page has bytes beside its first", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 w a0+64 2 -> ok f0 same
    P0 w a0+4095 3 -> ok f0 same
    P0 r a0+64 -> =2 f0
    P0 r a0+4095 -> =3 f0
    P0 r a0+65 -> =0 f0
    P0 r a1 -> =0 f1
  `);
});

test("the file of a scene is one, and its page i holds 50 + i", () => {
  answered(`
    P0 mmap a 8 sfile
    P0 r a0 -> =50 f1
    P0 r a7 -> =57 f0
    P0 w a0 9 -> ok f0 same
    P0 mmap b 8 pfile
    P0 r b0 -> =9 f1
    P0 r b7 -> =57 f0
    P0 fork P1
    P1 mmap c 8 sfile
    P1 r c0 -> =9 f1
    P1 w c0 8 -> ok f0 same
    P0 r a0 -> =8 f0
    P0 r b0 -> =8 f0
  `);
});

test("an access counts a fault where the entry or the mapping did not allow it", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 mprot a0 1 r
    P0 r a0 -> =1 f0
    P0 w a0 2 -> segv
    P0 mprot a0 1 none
    P0 r a0 -> segv
    P0 w a0 2 -> segv
    P0 mprot a0 1 rw
    P0 r a0 -> =1 f0
    P0 w a0 2 -> ok f0 same
    P0 r a2 -> =0 f1
    P0 w a2 2 -> ok f1 copy
    P0 r b0 -> segv
    P0 mw b0 2 -> EIO
    P0 mr b0 -> EIO
    P0 mw a1 7 -> ok new
    P0 mw a1 8 -> ok same
    P0 mw a0 8 -> ok same
  `);
});

test("a pin is known by its number, and page by page", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 pin a0 2 3
    P0 pin a2 2 3 -> EBUSY
    P0 pin a2 2 1
    * gw 3 1 5
    * gw 3 2 5 -> EFAULT
    * gr 3 1 -> =5
    * gr 3 2 -> EFAULT
    * gr 1 0 -> =0
    * gr 2 0 -> EFAULT
    P0 r a1 -> =5 f0
    * unpin 3
    * gr 3 0 -> EFAULT
    P0 pin a2 1 3
    * gr 3 0 -> =0
  `);
});

test("a remote read is of a process that is there, and ends once", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 fork P1
    P0 vmread a0 P3 0 -> noproc
    P0 vmread a1 P1 0 -> inflight
    P1 w a1 4 -> ok f1 copy
    P0 vmread a0 P1 1 -> inflight
    P1 w a0 4 -> ok f1 same
    * vmend 1 -> =4
    * vmend 0 -> =0
    * vmend 0 -> none
  `);
});

test("pipes give pages back in order, and a transfer ends in its own direction", () => {
  answered(`
    P0 mmap a 3 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 vms a0 1
    P0 vms a1 1
    * pr 1 -> =1
    * pr 1 -> =2
    * pr 1 -> empty
    * pr 0 -> empty
    P0 dr a1 2 fuse -> inflight
    * drend 9
    * dwend -> none
    P0 r a1 -> =9 f0
    P0 r a2 -> =9 f0
    P0 dw a0 3 fuse -> inflight
    * drend 1 -> none
    * dwend -> =1,=9,=9
  `);
});

/** The answers of a kernel. */
function answers(kernel: string, ...lines: string[]): string[] {
  return runScene(lines, releaseNamed(kernel));
}

test("what is written about a process that is not there, a mapping that is none, a buffer without a pin", () => {
  assert.equal(answers("6.18.44", "P9 r a0", "* snap a0 1", "P0 exit", "* snap a0 1"), [
    ...["noproc", "P0=-", "ok", ""],
  ]);
  assert.equal(
    answers(
      "6.18.44",
      "P1 w a0 1",
      "P0 fork P0",
      "P0 vmread a0 P9 0",
      "* gw 0 0 1",
      "* vmend 3",
      "* drend 1",
    ),
    ["noproc", "exists", "noproc", "EFAULT", "none", "none"],
  );
  for (
    const [line, said] of [
      ["P0 mmap a 1 file", '"file" is no memory: priv, shared, pfile, sfile, memfd or hugetlb'],
      [
        "P0 madv a0 1 sleep",
        '"sleep" is no advice: dontneed, free, dontfork, dofork, wipeonfork, keeponfork, ' +
        "mergeable, unmergeable, cold, pageout, populate_read, populate_write, hugepage, nohugepage or collapse",
      ],
      ["* jump", 'no operation "jump"'],
      ["* r a0", 'no operation "r"'],
      ["P0 gr 0 0", 'no operation "gr"'],
      ["PX r a0", "a line begins with a process or with *"],
    ] as const
  ) {
    assert.throws(
      () => answers("6.18.44", line),
      (error: unknown) => error instanceof SceneError && error.message === said,
    );
  }
});

test("a pin is for writing and long-term, if it does not say r or short", () => {
  const pin = (words: string) =>
    answers(
      "6.18.44",
      "P0 mmap a 1 priv",
      "P0 r a0",
      `P0 pin a0 1 0${words}`,
      "P0 w a0 7",
      "* gr 0 0",
    ).slice(3);
  assert.equal(pin(""), ["ok f0 same", "=7"]);
  assert.equal(pin(" short"), ["ok f0 same", "=7"]);
  assert.equal(pin(" r"), ["ok f1 same", "=7"], "the zero page is replaced first");
  assert.equal(pin(" r short"), ["ok f1 copy", "=0"], "and not in the short term");
  assert.equal(pin(" r short fast"), ["ok f1 copy", "=0"]);
});

test("vfork and spawn and exec: a child in its parent's memory, and one that never is", () => {
  assert.equal(
    answers(
      "5.4.38",
      "P0 mmap a 1 priv",
      "P0 w a0 1",
      "P0 vfork P1",
      "P0 r a0",
      "P1 w a0 2",
      "* snap a0 1",
      "P1 exec",
      "P1 r a0",
      "P0 r a0",
      "P0 spawn P2",
      "P2 r a0",
      "P0 w a0 3",
      "P0 vfork P1",
      "P2 exit",
      "P0 vfork P2",
      "P2 exit",
      "P0 r a0",
    ),
    [
      ...["ok", "ok f1 new", "ok", "EAGAIN", "ok f0 same", "P0=A.1 P1=A.1".replaceAll(".", "x")],
      ...["ok", "segv", "=2 f0", "ok", "segv", "ok f0 same", "exists", "ok", "ok", "ok", "=3 f0"],
    ],
  );
});

test("cr write-protects where the kernel was built with soft-dirty bits", () => {
  const lines = ["P0 mmap a 1 priv", "P0 w a0 1", "P0 cr", "P0 w a0 2"];
  assert.is(answers("6.12.107", ...lines).at(-1), "ok f1 same");
  assert.is(answers("6.18.44", ...lines).at(-1), "ok f0 same");
});

test("there is one transfer of a kind at a time, as on Linux 6.18.44", () => {
  assert.equal(...held(
    releaseNamed("6.18.44"),
    `
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 dw a0 1 fuse -> inflight
    P0 dw a1 1 fuse -> EBUSY
    * dwend -> =1
    P0 dr a0 1 fuse -> inflight
    P0 dr a1 1 fuse -> EBUSY
    P0 dw a0 1 fuse -> inflight
    * drend 7
    P0 r a0 -> =7 f0
    * dwend -> =7
  `,
  ));
});

test("what has not begun is not in the trace", () => {
  const stage = new Stage(releaseNamed("6.18.44"));
  const lines = ["P1 r a0", "P0 fork P0", "P0 vmread a0 P7 0", "* gr 0 0", "* dwend"];
  assert.equal([...lines, "P0 mmap a 1 hugetlb"].map((line) => stage.run(readLine(line))), [
    ...["noproc", "exists", "noproc", "EFAULT", "none", "unavailable"],
  ]);
  assert.not(stage.machine.trace.some(({ type }) => type === "op"));
});

test("* ksm is four scans, and a timeout where nothing is mergeable", () => {
  const stage = new Stage(releaseNamed("6.18.44"));
  assert.is(stage.run(readLine("* ksm")), "timeout");
  for (const line of ["P0 mmap a 2 priv", "P0 madv a0 2 mergeable", "P0 w a0 1"]) {
    stage.run(readLine(line));
  }
  assert.is(stage.run(readLine("* ksm")), "ok");
  const [item] = stage.machine.state.ksm.items.get(1)!.values();
  assert.is(item!.age, 4);
  assert.equal([stage.run(readLine("* settle")), stage.run(readLine("* unksm"))], ["ok", "ok"]);
});

test("a stage begins with one process that has no parent, and says what it runs", () => {
  const stage = new Stage(releaseNamed("mapcount"));
  assert.equal(stage.machine.trace, [
    { type: "mm", mm: 1 },
    { type: "task", pid: 1, mm: 1, parent: 0 },
  ]);
  stage.run(readLine("P0 r a0"));
  assert.equal(stage.machine.trace.at(-1), {
    type: "op",
    call: "load",
    args: { pid: 1, addr: 2 ** 30, length: 1 },
    line: "P0 r a0",
  });
  for (const line of ["P0 mmap a 2 priv", "P0 pin a0 2 3", "* gr 3 1"]) stage.run(readLine(line));
  assert.equal(stage.machine.trace.findLast(({ type }) => type === "op"), {
    type: "op",
    call: "device_read",
    args: { holder: "pin 3", offset: 4096, length: 1 },
    line: "* gr 3 1",
  });
});

test("the KSM daemon waits for fork, to merge and to break up; who only looks does not", () => {
  const during = (line: string) =>
    answers(
      "mapcount",
      ...["P0 mmap a 2 priv", "P0 madv a0 2 mergeable", "P0 w a0 1"],
      ...["race AB", "A: P0 fork P1", `B: ${line}`, "end"],
    );
  for (const line of ["* ksm", "* unksm"]) {
    const scheduled = during(line);
    assert.is(scheduled.at(-1), "AB", line);
  }
  for (const line of ["* snap a0 1", "* pr 0", "* settle"]) {
    assert.is(during(line).at(-1), "BA", line);
  }
});

test("exec and exit wait for whoever reads the address space, or works in it", () => {
  for (const op of ["exec", "exit"]) {
    const lines = [
      ...["P0 mmap a 2 priv", "P0 w a0 1", "P0 fork P1", "race BAA", `A: P0 ${op}`],
      ...["B: P1 vmread a1 P0 0", "end"],
    ];
    assert.throws(
      () => answers("mapcount", ...lines),
      /step 3, A: A waits for mm 1, in which B: P1 vmread a1 P0 0 is at work$/,
      op,
    );
  }
});

test.run();
