// Runs inside the child process, in front of the learner's code: runs the suite and reports every step to the parent.
// A report is a line of standard output that opens with a mark nobody can guess, so that what the learner's code prints
// is never taken for one. It is written before the step that it announces, so that the parent knows what hangs.

import process from "node:process";
import type { Suite } from "../../kata/expect.ts";
import { lock } from "./lock.ts";

/** What the child tells; the strings are, in this order, what the comments say. */
export type Report =
  | ["ready"]
  /** what could not be judged, and the stack */
  | ["broken", string, string]
  /** the tests, all of them */
  | ["tests", ...string[]]
  | ["started", string]
  | ["passed", string]
  /** the test, the error's name, message, details, stack, and "assertion" where the suite threw it */
  | ["failed", string, string, string, string, string, string]
  | ["end"];

// Taken before the learner's code runs, so that a kata that replaces them by accident still gets a verdict.
const say = console.log.bind(console), text = JSON.stringify, leave = Deno.exit;
const write = process.stdout.write;

// uvu looks for this when it is loaded, and then leaves it to us to run what it is told to run.
(globalThis as { UVU_DEFER?: number }).UVU_DEFER = 1;

/**
 * Judges one module by a suite, then leaves with status 0.
 *
 * @param exports the names that the suite will ask the module for
 */
export async function judge(
  mark: string,
  exports: readonly string[],
  loadSuite: () => Promise<{ default?: unknown }>,
  loadKata: () => Promise<Record<string, unknown>>,
): Promise<never> {
  const report = (...parts: Report) => say(`\n${mark} ${text(parts)}`);
  const broken = (what: string, error?: unknown): never => {
    const { message, stack } = error instanceof Error
      ? error
      : { message: String(error), stack: "" };
    report("broken", error === undefined ? what : `${what}: ${message}`, stack ?? "");
    return leave(0);
  };
  report("ready");
  const { default: make } = await loadSuite().catch((error) =>
    broken("the suite does not load", error)
  );
  lock(Object.values(await import("sim")));
  // Read once: a module may export what changes later.
  const kata = Object.freeze({
    ...await loadKata().catch((error) => broken("it does not load", error)),
  });
  const missing = exports.filter((name) => !(name in kata));
  if (missing.length > 0) broken(`it does not export ${missing.join(", ")}`);
  if (typeof make !== "function") broken("the suite has no default export that makes it");
  let suite: Suite;
  try {
    suite = (make as (kata: unknown) => Suite)(kata);
  } catch (error) {
    return broken("the suite threw outside a test", error);
  }
  if (typeof suite?.run !== "function") broken("the suite does not return what suite() made");
  report("tests", ...suite.tests);
  // Between tests uvu prints its own progress, which is nobody's answer here.
  const hush = () => process.stdout.write = () => true;
  hush();
  try {
    await suite.run({
      started(test) {
        report("started", test);
        process.stdout.write = write;
      },
      ended(test, error) {
        hush();
        if (!error) return report("passed", test);
        const { details, code } = error as { details?: unknown; code?: unknown };
        const assertion = code === "ERR_ASSERTION" ? "assertion" : "";
        const shown = typeof details === "string" ? details : "";
        report("failed", test, error.name, error.message, shown, error.stack ?? "", assertion);
      },
    });
  } catch (error) {
    broken("the suite threw outside a test", error);
  }
  report("end");
  return leave(0);
}
