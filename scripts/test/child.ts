// Runs inside the child process, around one test file: counts what it declares, runs it, and reports with a mark that
// the tests cannot know, so that neither their output nor an early exit looks like success.

import process from "node:process";
import { reporter } from "../tool/report.ts";
import { counted, listener } from "./uvu.ts";

/** What the child tells, in order. */
export type Report =
  | { kind: "loaded" }
  | { kind: "started"; test: string }
  | { kind: "skipped"; test: string }
  | { kind: "passed"; test: string }
  | { kind: "failed"; test: string; message: string; details: string; stack: string }
  | { kind: "end" };

const leave = Deno.exit;

/** Loads the file, runs every suite it gave to uvu, reports, and leaves with status 0. */
export async function runFile(mark: string, load: () => Promise<unknown>): Promise<never> {
  const report = reporter<Report>(mark);
  const failed = (test: string, error: Error | string) => {
    if (typeof error === "string") {
      return report({ kind: "failed", test, message: error, details: "", stack: "" });
    }
    const { name, stack = "", code, details } = error as Error & {
      code?: string;
      details?: unknown;
    };
    const message = code === "ERR_ASSERTION" ? error.message : `${name}: ${error.message}`;
    const shown = typeof details === "string" ? details : "";
    report({ kind: "failed", test, message, details: shown, stack });
  };
  const host = globalThis as { UVU_DEFER?: number; UVU_QUEUE?: (() => Promise<unknown>)[][] };
  // uvu is loaded already, so this is what it looks at: a queue of ours, and no timer that drains it.
  const queue: (() => Promise<unknown>)[] = (host.UVU_QUEUE ??= [])[0] ??= [];
  listener.started = (test) => report({ kind: "started", test });
  try {
    await load();
  } catch (error) {
    failed("loading the file", error instanceof Error ? error : String(error));
    return leave(0);
  }
  report({ kind: "loaded" });
  const write = process.stdout.write;
  process.stdout.write = () => true; // uvu draws dots and crosses
  for (const run of queue.splice(0)) {
    if (typeof run !== "function") continue; // uvu puts the name of a group first
    try {
      await run();
    } catch (error) {
      failed("a suite", error instanceof Error ? error : String(error));
    }
  }
  process.stdout.write = write;

  if (counted.length === 0) failed("the file", "it declares no test");
  for (const { title, declared, skipped, ended, wrong, ran } of counted) {
    const name = (test: string) => title ? `${title}: ${test}` : test;
    for (const what of wrong) failed(name("a suite"), what);
    for (const test of skipped) report({ kind: "skipped", test: name(test) });
    if (!ran) failed(name("a suite"), "nobody calls run(): end the file with test.run()");
    for (const test of declared) {
      const error = ended.get(test);
      if (error) failed(name(test), error);
      else if (ended.has(test)) report({ kind: "passed", test: name(test) });
      else failed(name(test), "it did not run");
    }
  }
  report({ kind: "end" });
  return leave(0);
}
