// What the simulator takes for single operations, in nanoseconds of CPU time: the work of yardstick.c, done through Lab.
// A machine remembers everything that ever happened to it, so each round has a new one; its invariants are not checked.

import process from "node:process";
import { bold } from "@std/fmt/colors";
import {
  explore,
  Lab,
  largeFolio,
  MADV_DOFORK,
  MADV_DONTFORK,
  PAGE_SIZE,
  parseScenes,
  releaseNamed,
} from "../../sim/mod.ts";
import { line, median, ns } from "./figures.ts";
import type { Yardstick } from "./yardstick.ts";

/** How often each thing is measured, the median counts; and how often before, for the compiler in V8. */
export interface Repeats {
  readonly rounds: number;
  readonly warmUp: number;
}

const enough: Repeats = { rounds: 11, warmUp: 5 };

/** What is held against the kernel. No aim: nobody who reads feels it, and a page is worth more than its speed. */
const compared: [name: string, what: string, prepare: () => Round][] = [
  ["cow_fault", "a copy-on-write fault that copies", cowFault],
  ["madvise_few", "madvise that splits, or merges", () => splitAndMerge(0)],
  ["madvise_2000", "the same among 2,000 mappings", () => splitAndMerge(1_000)],
  ["fork_page", "fork, exit and wait, for each page", forkPage],
];

/** 2^40 bytes. */
const TIB_PAGES = 2 ** 40 / PAGE_SIZE;
/** What we allow the time of one TiB to be, in times of one page. */
const sameTime = 1.5;

/** What we allow a step of a race that is explored, in nanoseconds. */
const STEP_NS = 2_000;

/** The lines of the bench about the machine. */
export function machineLines(yardstick: Yardstick, repeats: Repeats = enough): string[] {
  const lines: string[] = [];
  if ("times" in yardstick) {
    for (const [name, what, prepare] of compared) {
      lines.push(comparison(what, timed(prepare, repeats), yardstick.times.get(name)!));
    }
  } else {
    lines.push(`${yardstick.missing}: nothing is compared with the kernel`);
  }
  const one = timed(() => mapAndUnmap(1), repeats);
  const tib = timed(() => mapAndUnmap(TIB_PAGES), repeats);
  const ratio = tib / one;
  lines.push(line(
    "mmap and munmap of 1 TiB, untouched",
    `${ratio.toFixed(2)} of those of one page`,
    `${ns(tib)} to ${ns(one)}`,
    `at most ${sameTime}`,
    ratio <= sameTime,
  ));
  const step = timed(exploredStep, repeats);
  lines.push(line(
    "a step of a race, explored with the invariants checked",
    `${(step / 1_000).toFixed(2)} µs`,
    "with the lines around the race",
    `at most ${STEP_NS / 1_000} µs`,
    step <= STEP_NS,
  ));
  return lines;
}

/** A line that holds what the simulator takes against what the kernel takes. */
export function comparison(what: string, own: number, kernel: number): string {
  const ratio = (own / kernel).toFixed(2);
  return `${bold(`${what}: ${ratio} of the kernel's`)}, ${ns(own)} to ${ns(kernel)}`;
}

/** A round: work that was prepared, and how many operations it is. */
interface Round {
  operations: number;
  run: () => void;
}

/** Nanoseconds for one operation, the median of the rounds. */
function timed(prepare: () => Round, { rounds, warmUp }: Repeats): number {
  const times: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const { operations, run } = prepare();
    // What preparing has left behind is not the work's to clear away; the task lets us ask for that.
    (globalThis as { gc?: (how: { type: string }) => void }).gc?.({ type: "minor" });
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times.push((user + system) * 1_000 / operations);
  }
  return median(times);
}

const A = 0x10_0000_0000;
const BYTE = [1], OTHER = [2];

/** A machine whose process has written to so many pages. */
function touched(pages: number): Lab {
  const m = new Lab(largeFolio, { invariants: false });
  m.mmap(1, A, pages);
  for (let i = 0; i < pages; i++) m.store(1, A + i * PAGE_SIZE, BYTE);
  return m;
}

function cowFault(): Round {
  const pages = 4_096, m = touched(pages);
  m.fork(1);
  const run = () => {
    for (let i = 0; i < pages; i++) m.store(1, A + i * PAGE_SIZE, OTHER);
  };
  return { operations: pages, run };
}

/** The middle of three pages, with so many mappings of one page on either side. */
function splitAndMerge(around: number): Round {
  const calls = 2_000, m = touched(2 * around + 3);
  for (let i = 0; i < around; i += 2) {
    m.madvise(1, A + (around - 1 - i) * PAGE_SIZE, 1, MADV_DONTFORK);
    m.madvise(1, A + (around + 3 + i) * PAGE_SIZE, 1, MADV_DONTFORK);
  }
  const middle = A + (around + 1) * PAGE_SIZE;
  const run = () => {
    for (let i = 0; i < calls; i += 2) {
      m.madvise(1, middle, 1, MADV_DONTFORK);
      m.madvise(1, middle, 1, MADV_DOFORK);
    }
  };
  return { operations: calls, run };
}

/** fork and the child's exit, which in the simulator is all that wait waits for. */
function forkPage(): Round {
  const pages = 10_000, m = touched(pages);
  return { operations: pages, run: () => m.exit(m.fork(1)) };
}

function mapAndUnmap(pages: number): Round {
  const times = 1_000, m = new Lab(largeFolio, { invariants: false });
  const run = () => {
    for (let i = 0; i < times; i++) {
      m.mmap(1, A, pages);
      m.munmap(1, A, pages);
    }
  };
  return { operations: times, run };
}

/** A child keeps a page of its parent's in a pipe; the parent writes, and pins it, at every moment that there is. */
const [race] = parseScenes(`
P0 mmap a 1 priv
P0 w a0 1
P0 fork P1
race
A: P1 vms a0 0
A: P1 munmap a0 1
B: P0 w a0 42
B: P0 pin a0 1 0
end
* pr 0
`);

function exploredStep(): Round {
  const kernel = releaseNamed(largeFolio.name), times = 100;
  const operations = times * explore(race!, kernel).steps;
  const run = () => {
    for (let i = 0; i < times; i++) explore(race!, kernel);
  };
  return { operations, run };
}
