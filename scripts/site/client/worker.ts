// Runs in the sandbox's worker, behind the text of the cells: the simulator, and what stands around a cell.

import * as sim from "../../../sim/mod.ts";
import { openChapter, type Opened, type Report } from "../../notebook/harness.ts";

/** A woven chapter as `toClassic()` of weave.ts makes it. */
type Cells = (
  require: (name: string) => unknown,
  chapter: Opened<sim.Era>["enter"],
) => Promise<void>;

/** Runs the cells up to and with number `last`, under an era, and posts what they do. */
export function start(cells: Cells, kernel: string, last: number): void {
  // Taken before a cell can replace it.
  const send = postMessage as (report: Report) => void;
  const chapter = openChapter({
    kernel: sim.eraNamed(kernel),
    last,
    post: (report) => send(report),
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    chapter.fail((event as PromiseRejectionEvent).reason);
  });
  chapter.run(() => cells(provide, chapter.enter));
}

// Not named `require`: that is the linked script's own.
function provide(name: string): unknown {
  if (name === "sim") return sim;
  throw new Error(`a cell imports from "sim" and from nothing else: not from "${name}"`);
}
