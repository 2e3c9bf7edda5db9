// Runs inside a child process, in front of one mutant: runs test files one after the other and leaves at the first test
// that fails; or runs the katas' suites and leaves at the first verdict that is another one than it was.

import process from "node:process";
import type { Suite } from "../../kata/expect.ts";
import { counted, listener } from "../test/uvu.ts";
import { reporter } from "../tool/report.ts";

/** What the child tells, in order. Only `end` says that nothing was noticed. */
export type Report =
  /** A file has passed; its CPU time in milliseconds. */
  | { kind: "passed"; path: string; ms: number }
  | { kind: "failed"; path: string; test: string; why: string }
  /** How a suite judged one of its kata's files. */
  | { kind: "verdict"; path: string; verdict: string }
  | { kind: "end" };

type Load = () => Promise<unknown>;

const leave = Deno.exit;
const reason = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Runs the files in order, as `deno task test` would each by itself. */
export async function runFiles(
  mark: string,
  files: readonly [path: string, load: Load][],
): Promise<never> {
  const report = reporter<Report>(mark);
  const host = globalThis as { UVU_QUEUE?: (() => Promise<unknown>)[][] };
  // uvu is loaded already, so this is what it looks at.
  const queue = (host.UVU_QUEUE ??= [])[0] ??= [];
  process.stdout.write = () => true; // uvu draws dots and crosses
  for (const [path, load] of files) {
    const before = counted.length, start = process.cpuUsage();
    const fail = (test: string, why: string): never => {
      report({ kind: "failed", path, test, why });
      return leave(0);
    };
    const look = () => {
      for (const { declared, ended, wrong } of counted.slice(before)) {
        for (const test of declared) {
          const error = ended.get(test);
          if (error) fail(test, reason(error));
        }
        if (wrong[0] !== undefined) fail("a suite", wrong[0]);
      }
    };
    listener.started = look;
    try {
      await load();
    } catch (error) {
      fail("loading the file", reason(error));
    }
    for (const run of queue.splice(0)) {
      if (typeof run !== "function") continue; // uvu puts the name of a group first
      try {
        await run();
      } catch (error) {
        fail("a suite", reason(error));
      }
      look();
    }
    look();
    if (counted.length === before) fail("the file", "it declares no test");
    for (const { declared, ended, ran } of counted.slice(before)) {
      const lost = declared.find((test) => !ended.has(test));
      if (!ran || lost !== undefined) fail(lost ?? "a suite", "it did not run");
    }
    const { user, system } = process.cpuUsage(start);
    report({ kind: "passed", path, ms: (user + system) / 1000 });
  }
  report({ kind: "end" });
  return leave(0);
}

/** A kata: its suite, and the modules that are judged by it. */
export type KataFiles = [suite: Load, modules: readonly [path: string, load: Load][]];

/**
 * Judges every file of every kata. What `deno task kata --check` asks of it stays true as long as a solution passes, an
 * exercise fails by assertion, and a wrong fix is rejected by assertion in the same test.
 *
 * @param expected the verdicts without a mutant; without them, every verdict is reported
 */
export async function runKatas(
  mark: string,
  katas: readonly KataFiles[],
  expected?: Readonly<Record<string, string>>,
): Promise<never> {
  const report = reporter<Report>(mark), write = process.stdout.write;
  process.stdout.write = () => true;
  for (const [loadSuite, modules] of katas) {
    for (const [path, load] of modules) {
      const verdict = await judge(loadSuite, load, path.endsWith("/exercise.ts"));
      if (!expected) report({ kind: "verdict", path, verdict });
      else if (expected[path] !== verdict) {
        report({ kind: "failed", path, test: verdict, why: `it was: ${expected[path]}` });
        return leave(0);
      }
    }
  }
  process.stdout.write = write;
  report({ kind: "end" });
  return leave(0);
}

async function judge(loadSuite: Load, load: Load, exercise: boolean): Promise<string> {
  let verdict = "";
  try {
    const { default: make } = await loadSuite() as { default: (kata: unknown) => Suite };
    await make(Object.freeze({ ...await load() as object })).run({
      started() {},
      ended(test, error) {
        if (!error || verdict) return;
        const asserted = (error as { code?: unknown }).code === "ERR_ASSERTION";
        verdict = `${asserted ? "rejected" : "broken"}${exercise ? "" : ` by the test "${test}"`}`;
      },
    });
  } catch (error) {
    verdict ||= `broken: ${reason(error)}`;
  }
  return verdict || "passed";
}
