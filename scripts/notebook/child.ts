// Runs in a child process with no permission at all: one chapter, which reports what its cells print.

import { eras, releaseNamed } from "../../sim/mod.ts";
import { reporter } from "../tool/report.ts";
import { openChapter, type Report } from "./harness.ts";
import { watch } from "./watch.ts";

/** Runs the chapter that `load` imports, by the rules of the kernel of this name: an era, or the one of a release. */
export async function runChild(
  mark: string,
  kernel: string,
  load: () => Promise<unknown>,
): Promise<void> {
  const send = reporter<Report>(mark);
  Error.stackTraceLimit = 50;
  // Deno keeps these on disk with no permission, and what one run leaves the next would find.
  for (const name of ["localStorage", "sessionStorage", "caches"]) {
    Reflect.deleteProperty(globalThis, name);
  }
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
  Object.assign(globalThis, { __chapter: chapter.enter });
  const uncaught = (event: Event, error: unknown) => {
    event.preventDefault();
    chapter.fail(error);
  };
  addEventListener("unhandledrejection", (event) => uncaught(event, event.reason));
  addEventListener("error", (event) => uncaught(event, event.error));
  await chapter.run(load);
}
