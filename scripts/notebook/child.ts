// Runs in a child process with no permission at all: one chapter, which reports what its cells print.

import { eras, releaseNamed } from "../../sim/mod.ts";
import { reporter } from "../tool/report.ts";
import { openChapter, type Opened, type Report } from "./harness.ts";
import { watch } from "./watch.ts";

/** Runs the chapter that `load` imports, by the rules of the kernel of this name: an era, or the one of a release. */
export async function runChild(
  mark: string,
  kernel: string,
  load: () => Promise<unknown>,
): Promise<void> {
  const send = reporter<Report>(mark);
  Error.stackTraceLimit = 50;
  forgetEarlierRuns();
  const rules = eras.find(({ name }) => name === kernel) ?? releaseNamed(kernel).era;
  let cell = -1;
  const post = (report: Report) => {
    if (report.kind === "begin" || report.kind === "end") {
      const deeds = watch.take();
      if (deeds.length > 0) send({ kind: "deeds", cell, deeds });
    }
    if (report.kind === "begin") cell = report.cell;
    send(report);
  };
  const chapter = openChapter({ kernel: rules, post });
  await runHere(chapter, load);
}

/** Deno keeps these on disk with no permission, and what one run leaves the next would find. */
export function forgetEarlierRuns(): void {
  for (const name of ["localStorage", "sessionStorage", "caches"]) {
    Reflect.deleteProperty(globalThis, name);
  }
}

/**
 * Runs a chapter in this process; an error that nobody catches, also after the end, is the running cell's.
 *
 * @returns what ends listening for such errors, before another chapter runs
 */
export async function runHere<Kernel>(
  chapter: Opened<Kernel>,
  load: () => Promise<unknown>,
): Promise<() => void> {
  Object.assign(globalThis, { __chapter: chapter.enter });
  const uncaught = (event: Event, error: unknown) => {
    event.preventDefault();
    chapter.fail(error);
  };
  const rejected = (event: PromiseRejectionEvent) => uncaught(event, event.reason);
  const thrown = (event: ErrorEvent) => uncaught(event, event.error);
  addEventListener("unhandledrejection", rejected);
  addEventListener("error", thrown);
  await chapter.run(load);
  return () => {
    removeEventListener("unhandledrejection", rejected);
    removeEventListener("error", thrown);
  };
}
