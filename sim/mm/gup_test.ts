// get_user_pages: what is pinned and who keeps what, and rules that do not fit each other.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { held } from "../scene/held.ts";
import {
  anonExclusive,
  type Era,
  eras,
  Errno,
  explore,
  FOLL_WRITE,
  KernelBug,
  Lab,
  largeFolio,
  mapcount,
  PROT_READ,
  releaseNamed,
} from "../mod.ts";

const A = 0x7000;
const test = suite("gup");

/** Holds a scene against what Linux 6.18.44 answered. */
const answered = (text: string) => assert.equal(...held(releaseNamed("6.18.44"), text));

for (
  const [what, era, fault] of [
    ["breaks the sharing of what may not be written", {
      ...largeFolio,
      gupMustBreakCow: () => true,
    }, "a write fault"],
    ["unshares without the mark", { ...anonExclusive, anonExclusive: false }, "an unsharing fault"],
  ] satisfies [string, Era, string][]
) {
  test(`get_user_pages() that ${what} is a bug, and no endless loop`, () => {
    const m = new Lab(era, { invariants: false });
    m.mmap(1, A);
    m.store(1, A, "x");
    m.fork(1);
    m.mprotect(1, A, 1, PROT_READ);
    assert.throws(
      () => m.pin_user_pages(1, A, 1, 0, "nic"),
      (error: unknown) =>
        error instanceof KernelBug && error.message.includes(fault) &&
        error.message.startsWith("get_user_pages(0x7000) asks for "),
    );
  });
}

test("whoever takes references takes the lock for it, by the proposal of 2005 as well", () => {
  for (const VM_COPYONFORK of [undefined, "held for read", "held for write"] as const) {
    const lab = () => {
      const m = new Lab(mapcount, { proposals: VM_COPYONFORK ? { VM_COPYONFORK } : {} });
      m.mmap(1, A);
      m.driver("nic");
      return m;
    };
    const calls: ((m: Lab, addr: number) => unknown)[] = [
      (m, addr) => m.directIo(1, addr, 1, "write", "t"),
      (m, addr) => m.vmsplice(1, addr),
      (m, addr) => m.process_vm_readv(1, 1, addr),
      (m, addr) => m.mem(1, addr),
    ];
    const writing: typeof calls = [
      (m, addr) => m.directIo(1, addr, 1, "read", "t"),
      (m, addr) => m.pin_user_pages(1, addr, 1, FOLL_WRITE, "hca"),
      (m, addr) => m.io_uring_register(1, addr, 1, "fixed"),
      (m, addr) => m.ib_umem_get(1, addr, 1, true, "hca"),
      (m, addr) => m.register(1, m.open(1, "nic"), addr, 1, FOLL_WRITE),
    ];
    for (const call of [...calls, ...writing]) {
      assert.throws(() => call(lab(), 0x90000), (e: unknown) => e instanceof Errno, `${call}`);
      if (VM_COPYONFORK !== "held for read" || calls.includes(call)) call(lab(), A);
      else assert.throws(() => call(lab(), A), /the mmap_lock is held for read only/, `${call}`);
    }
  }
});

test("KSM merges again what a fault of get_user_pages has broken up: that is no endless loop", () => {
  const lines = ["P0 mmap a 2 priv", "P0 madv a0 2 mergeable", "P0 w a0 1", "P0 w a1 1", "* ksm"];
  const race = ["race", "A: P0 pin a0 2 0", "B: * ksm", "end", "P0 w a0 2", "* gr 0 0"];
  for (const { name } of eras) {
    const { failing, why, outcomes } = explore({ lines: [...lines, ...race] }, releaseNamed(name));
    assert.is(`${failing} ${why}`, "0 undefined", name);
    for (const { answers } of outcomes) assert.is(answers.at(-1), "=2", name);
  }
});

test("a forced write takes what its own fault left: neither the file's page nor one that fork shares", () => {
  const lines = ["P0 mmap a 1 pfile", "P0 mprot a0 1 r", "P0 r a0", "P0 thread P1"];
  const race = ["race", "A: P0 mw a0 9", "B: P1 madv a0 1 dontneed", "B: P1 r a0", "end"];
  const scene = {
    lines: [...lines, ...race, "P0 mmap b 1 sfile", "P0 r b0"],
    loses: [{ line: "P0 r b0", answer: "=9 f1" }],
  };
  const kernels = ["4.8.2", "4.8.3", "5.8", "5.18", "5.19", "6.0", "6.18.44"];
  const losing = kernels.filter((name) => explore(scene, releaseNamed(name)).failing > 0);
  assert.equal(losing, ["4.8.2"]);
  for (const name of kernels) {
    assert.equal(...held(
      releaseNamed(name),
      `
        P0 mmap a 1 priv
        P0 w a0 1 -> ok f1 new
        P0 fork P1
        P0 mprot a0 1 r
        P0 mw a0 9 -> ok copy
        P0 r a0 -> =9 f0
        P1 r a0 -> =1 f0
      `,
    ));
  }
});

test("a pin is of all its pages or of none, and is given back once", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 munmap a2 1
    P0 pin a1 1 0
    P0 pin a0 3 1 -> EFAULT
    P0 pin a2 1 1 -> EFAULT
    P0 pin a3 1 1
    * gr 0 0 -> =0
    * gr 0 1 -> EFAULT
    * gw 1 0 9
    P0 r a3 -> =9 f0
    * gr 1 1 -> EFAULT
    * unpin 0
    * unpin 0 -> ENXIO
    * unpin 1
    * gr 0 0 -> EFAULT
    * gw 0 0 5 -> EFAULT
    P0 w a0 2 -> ok f0 same
    * snap a0 4 -> P0=Ax1,Bx1,-,Cx1
  `);
});

test("a transfer is of the pages that were there when it began, and ends once", () => {
  answered(`
    P0 mmap a 4 priv
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 dw a0 2 fuse -> inflight
    P0 w a0 3 -> ok f0 same
    * dwend -> =3,=2
    * dwend -> none
    P0 dr a0 2 fuse -> inflight
    * drend 7
    * drend 7 -> none
    P0 r a0 -> =7 f0
    P0 r a1 -> =7 f0
  `);
});

test("a remote read sees what is written until it ends", () => {
  answered(`
    P0 mmap a 2 priv
    P0 w a0 1 -> ok f1 new
    P0 fork P1
    P1 vmread a0 P2 0 -> noproc
    P1 vmread a0 P0 0 -> inflight
    P0 w a0 2 -> ok f1 same
    * vmend 0 -> =2
    * vmend 0 -> none
  `);
});

test("a pin of shared memory or of a file is of the page that all see; of a private one, of its own", () => {
  answered(`
    P0 mmap a 2 shared
    P0 mmap b 2 pfile
    P0 mmap c 2 sfile
    P0 pin a0 2 0
    P0 pin b0 2 1
    P0 pin c0 2 2
    * gw 0 1 7
    * gw 1 1 8
    * gw 2 1 9
    P0 r a1 -> =7 f0
    P0 r b1 -> =8 f0
    P0 r c1 -> =9 f0
    P0 fork P1
    P1 r a1 -> =7 f1
    P1 r b1 -> =8 f0
    P1 w b1 3 -> ok f0 same
    P0 w b1 4 -> ok f0 same
    * gr 1 1 -> =4
    * snap b0 2 -> P0=Ax1,Bx1 P1=Cx1,Dx1
  `);
});

test("a pin of a private mapping of a file is of copies", () => {
  answered(`
    P0 mmap a 8 pfile
    P0 pin a0 2 0
    P0 w a0 3 -> ok f0 same
    * gr 0 0 -> =3
    P0 r a1 -> =51 f0
    P0 w a1 4 -> ok f0 same
    * gr 0 1 -> =4
    P0 fork P1
    P1 r a0 -> =3 f0
    P1 w a2 4 -> ok f1 new
    P0 r a2 -> =52 f1
    * snap a0 4 -> P0=Ax1,Bx1,Cx1f,Dx1f P1=Ex1,Fx1,Gx1,-
  `);
});

test.run();
