// Who sees whose writes: the hazards of pages that a device holds, era by era, as one table.
// A cell is `device/parent/child`, what each reads at the end: 0 the byte at the beginning, P C D the byte that the
// parent, the child, the device wrote last. Of a pipe it is what the pipe gives; `reuse` and `copy` say whether the
// parent's write kept its frame. The column refcount_old follows from its rule; nobody has measured so old a kernel.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Era,
  eraNamed,
  FOLL_PIN,
  FOLL_WRITE,
  Lab,
  MADV_DONTFORK,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
  Signal,
} from "./mod.ts";

const TABLE = `
|      | refcount_old  | mapcount      | read_gup_breaks_cow | page_count    | anon_exclusive | ro_longterm   | large_folio   |
| S1   | 0/P/-         | P/P/-         | P/P/-               | 0/P/-         | P/P/-          | P/P/-         | P/P/-         |
| S2   | 0/P/0         | 0/P/0         | 0/P/0               | P/P/0         | P/P/0          | P/P/0         | P/P/0         |
| S3   | 0/P/C         | P/P/C         | P/P/C               | P/P/C         | P/P/C          | P/P/C         | P/P/C         |
| S4   | D/D/D         | D/D/D         | D/D/D               | D/D/0         | D/D/0          | D/D/0         | D/D/0         |
| S5   | D/P/D         | D/P/D         | D/P/D               | D/D/0         | D/D/0          | D/D/0         | D/D/0         |
| S6   | 0/0/C         | 0/0/C         | 0/0/C               | 0/0/C         | 0/0/C          | 0/0/C         | 0/0/C         |
| S7   | P/P/SIGSEGV   | P/P/SIGSEGV   | P/P/SIGSEGV         | P/P/SIGSEGV   | P/P/SIGSEGV    | P/P/SIGSEGV   | P/P/SIGSEGV   |
| S8   | P/P/zero      | P/P/zero      | P/P/zero            | P/P/zero      | P/P/zero       | P/P/zero      | P/P/zero      |
| S9   | P/P/P         | P/P/P         | P/P/P               | P/P/P         | P/P/P          | P/P/P         | P/P/P         |
| S10  | D/P/D         | D/P/D         | D/P/D               | D/P/D         | D/P/D          | D/P/D         | D/P/D         |
| S11  | D/D/D         | D/D/D         | D/D/D               | D/D/D         | D/D/D          | D/D/D         | D/D/D         |
| S12  | D/P/C         | D/D/C         | D/D/C               | D/P/C         | D/P/C          | D/P/C         | D/P/C         |
| S13  | D/P/-         | D/D/-         | D/D/-               | D/P/-         | D/D/-          | D/D/-         | D/D/-         |
| S14  | 0/P/0         | 0/P/0         | P/P/0               | 0/P/0         | P/P/0          | P/P/0         | P/P/0         |
| S15  | 0/P/-         | P/P/-         | P/P/-               | 0/P/-         | P/P/-          | P/P/-         | P/P/-         |
| S16  | 0/P/-         | P/P/-         | P/P/-               | 0/P/-         | P/P/-          | P/P/-         | P/P/-         |
| S17  | zero/P/-      | zero/P/-      | P/P/-               | zero/P/-      | zero/P/-       | zero/P/-      | zero/P/-      |
| S18  | 0/P/0         | 0/P/0         | 0/P/0               | P/P/0         | P/P/0          | P/P/0         | P/P/0         |
| S19  | 0             | P             | 0                   | 0             | 0              | 0             | 0             |
| S20  | 0             | C             | C                   | 0             | 0              | 0             | 0             |
| S21  | 0             | C             | 0                   | 0             | 0              | 0             | 0             |
| S22  | P             | P             | P                   | P             | P              | P             | P             |
| S23  | 0             | P             | P                   | 0             | P              | P             | P             |
| S24  | reuse         | reuse         | reuse               | reuse         | reuse          | reuse         | reuse         |
| S25  | copy 0        | reuse P       | reuse P             | copy 0        | copy 0         | copy 0        | copy 0        |
| S25b | copy 0        | reuse P       | reuse P             | copy 0        | copy 0         | copy 0        | copy 0        |
`;

const A = 0x7000;
const PIN = FOLL_WRITE | FOLL_PIN;

/** Takes a reference to the parent's page for the device. */
const get = (flags: number) => (m: Lab) => m.get_user_pages(1, A, 1, flags, "nic");
const fork = (m: Lab) => m.fork(1);
const parentWrites = (m: Lab) => m.store(1, A, "P");
const childWrites = (m: Lab) => m.store(2, A, "C");
const deviceWrites = (m: Lab) => m.deviceWrite("nic", "D");
const childExits = (m: Lab) => m.exit(2);
const parentSplices = (m: Lab) => m.vmsplice(1, A);
const parentUnmaps = (m: Lab) => m.munmap(1, A);
const readOnlyAndBack = (m: Lab) => {
  m.mprotect(1, A, 1, PROT_READ);
  m.mprotect(1, A, 1, PROT_READ | PROT_WRITE);
};

const SCENES: Record<string, [title: string, steps: ((m: Lab) => unknown)[], answer: Answer]> = {
  S1: ["pin; read-only and back; P writes", [get(PIN), readOnlyAndBack, parentWrites], readers],
  S2: ["pin; fork; P writes", [get(PIN), fork, parentWrites], readers],
  S3: ["pin; fork; C writes; P writes", [get(PIN), fork, childWrites, parentWrites], readers],
  S4: ["pin; fork; D writes", [get(PIN), fork, deviceWrites], readers],
  S5: ["pin; fork; P writes; D writes", [get(PIN), fork, parentWrites, deviceWrites], readers],
  S6: ["pin; fork; only C writes", [get(PIN), fork, childWrites], readers],
  S7: [
    "as S2, MADV_DONTFORK before",
    [get(PIN), advise(MADV_DONTFORK), fork, parentWrites],
    readers,
  ],
  S8: [
    "as S2, MADV_WIPEONFORK before",
    [get(PIN), advise(MADV_WIPEONFORK), fork, parentWrites],
    readers,
  ],
  S9: ["as S2, MAP_SHARED", [shared, get(PIN), fork, parentWrites], readers],
  S10: [
    "get; fork; P writes; D writes",
    [get(FOLL_WRITE), fork, parentWrites, deviceWrites],
    readers,
  ],
  S11: ["get; fork; D writes", [get(FOLL_WRITE), fork, deviceWrites], readers],
  S12: [
    "get; fork; C writes; P writes; D writes",
    [get(FOLL_WRITE), fork, childWrites, parentWrites, deviceWrites],
    readers,
  ],
  S13: [
    "get; no fork; read-only and back; P writes; D writes",
    [get(FOLL_WRITE), readOnlyAndBack, parentWrites, deviceWrites],
    readers,
  ],
  S14: ["fork; read-only pin; P writes", [fork, get(FOLL_PIN), parentWrites], readers],
  S15: ["as S14, C has exited", [fork, childExits, get(FOLL_PIN), parentWrites], readers],
  S16: ["read-only pin of a page mapped read-only; P writes", [
    readOnlyAndBack,
    get(FOLL_PIN),
    parentWrites,
  ], readers],
  S17: [
    "read-only pin of the zero page; P writes",
    [untouched, get(FOLL_PIN), parentWrites],
    readers,
  ],
  S18: ["read-only pin; fork; P writes", [get(FOLL_PIN), fork, parentWrites], readers],
  S19: [
    "CVE-2020-29374: fork; C vmsplices and unmaps; P writes; the pipe is read",
    [fork, (m) => m.vmsplice(2, A), (m) => m.munmap(2, A), parentWrites],
    pipe,
  ],
  S20: [
    "P vmsplices, forks, unmaps; C writes",
    [parentSplices, fork, parentUnmaps, childWrites],
    pipe,
  ],
  S21: [
    "P forks, vmsplices, unmaps; C writes",
    [fork, parentSplices, parentUnmaps, childWrites],
    pipe,
  ],
  S22: ["vmsplice; P writes", [parentSplices, parentWrites], pipe],
  S23: [
    "vmsplice; read-only and back; P writes",
    [parentSplices, readOnlyAndBack, parentWrites],
    pipe,
  ],
  S24: ["fork; C exits; P writes", [fork, childExits, parentWrites], (m) => kept(m)],
  S25: [
    "vmsplice; as S24",
    [parentSplices, fork, childExits, parentWrites],
    (m) => `${kept(m)} ${pipe(m)}`,
  ],
  S25b: [
    "fork; vmsplice; C exits; P writes",
    [fork, parentSplices, childExits, parentWrites],
    (m, before) => `${kept(m, before)} ${pipe(m)}`,
  ],
};

type Answer = (m: Lab, before: number) => string;

function advise(advice: number): (m: Lab) => void {
  return (m) => m.madvise(1, A, 1, advice);
}

function shared(m: Lab): void {
  m.munmap(1, A);
  m.mmap(1, A, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
  m.store(1, A, "0");
}

function untouched(m: Lab): void {
  m.munmap(1, A);
  m.mmap(1, A);
}

function readers(m: Lab): string {
  return [m.deviceRead("nic") || "zero", read(m, 1), m.state.tasks.has(2) ? read(m, 2) : "-"].join(
    "/",
  );
}

function read(m: Lab, pid: number): string {
  try {
    return m.string(pid, A) || "zero";
  } catch (error) {
    if (error instanceof Signal) return error.code;
    throw error;
  }
}

function pipe(m: Lab): string {
  return m.pipeRead() ?? "empty";
}

/** Did the last write leave the parent's page where it was just before? */
function kept(m: Lab, before?: number): string {
  return m.pte(m.mm(1), A)!.pfn === (before ?? 1) ? "reuse" : "copy";
}

function run(era: Era, name: string): string {
  const [, steps, answer] = SCENES[name]!;
  const m = new Lab(era);
  m.mmap(1, A);
  m.store(1, A, "0");
  for (const step of steps.slice(0, -1)) step(m);
  const before = m.state.tasks.has(1) ? m.pte(m.mm(1), A)?.pfn ?? 0 : 0;
  steps.at(-1)!(m);
  return answer(m, before);
}

const test = suite("hazards");
const [head, ...rows] = TABLE.trim().split("\n")
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
for (const [name, ...cells] of rows) {
  for (const [i, expected] of cells.entries()) {
    const era = eraNamed(head![i + 1]!);
    test(`${name} ${SCENES[name!]![0]}, ${era.name}`, () => assert.is(run(era, name!), expected));
  }
}
test.run();
