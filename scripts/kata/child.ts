// Runs inside the child process, in front of the learner's code: runs the suite and reports every step to the parent.
// A step is announced before it begins, so that the parent knows what hangs.

import process from "node:process";
import type { Suite } from "../../kata/expect.ts";
import { reporter } from "../tool/report.ts";
import { guarded, Mistyped } from "./guard.ts";
import { lock } from "./lock.ts";
import type { Signature } from "./source.ts";

/** What the child tells; the strings are, in this order, what the comments say. */
export type Report =
  | ["ready"]
  /** a module begins; what follows is about it */
  | ["module"]
  /** what could not be judged, and the stack */
  | ["broken", string, string]
  /** a function that is not of the exercise's kind, and what is wrong */
  | ["mistyped", string, string]
  /** the tests, all of them */
  | ["tests", ...string[]]
  | ["started", string]
  /** the function that is asked from here on */
  | ["asks", string]
  | ["passed", string]
  /** the test, the error's name, message, details, stack, "assertion" where the suite threw it, who was asked last */
  | ["failed", string, string, string, string, string, string, string]
  | ["end"];

// Taken before the learner's code runs, so that a kata that replaces them by accident still gets a verdict.
const leave = Deno.exit;
const write = process.stdout.write;

// uvu looks for this when it is loaded, and then leaves it to us to run what it is told to run.
(globalThis as { UVU_DEFER?: number }).UVU_DEFER = 1;

type Tell = (...parts: Report) => void;
type Load = () => Promise<Record<string, unknown>>;

interface Orders {
  /** The names that the suite will ask a module for. */
  exports: readonly string[];
  /** How the exercise declares functions among them. */
  signatures: readonly Signature[];
  loadSuite: Load;
  modules: readonly { load: Load; seed: number }[];
  /** Where the suite ends for a module that fails. */
  until: "end" | "failure";
}

/** A module or its suite cannot be judged. */
class Broken extends Error {
  override name = "Broken";
}

/** Says why something is broken, with the stack of what was thrown. */
function broken(what: string, error?: unknown): never {
  if (error === undefined) throw new Broken(what);
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  throw Object.assign(new Broken(`${what}: ${message}`), { stack });
}

/** Judges modules by a suite, one after the other, then leaves with status 0. */
export async function judge(
  mark: string,
  orders: Orders,
): Promise<never> {
  const tell = reporter<Report>(mark), report: Tell = (...parts) => tell(parts);
  report("ready");
  let make: unknown, suiteError: unknown;
  try {
    make = (await orders.loadSuite()).default;
  } catch (error) {
    suiteError = error;
  }
  lock(Object.values(await import("sim")));
  for (const { load, seed } of orders.modules) {
    report("module");
    try {
      if (suiteError !== undefined) broken("the suite does not load", suiteError);
      await judgeOne(report, orders, make, load, seed);
    } catch (error) {
      if (error instanceof Mistyped) {
        report("mistyped", error.asked, error.message);
        continue;
      }
      if (!(error instanceof Broken)) throw error;
      report("broken", error.message, error.stack ?? "");
    }
  }
  return leave(0);
}

/** A suite that asks several functions in turn is not to fill the pipe with their names. */
const NAMED = 500;

/** @throws Broken where the module cannot be judged, Mistyped where it is not of the exercise's kind */
async function judgeOne(
  report: Tell,
  { exports, signatures, until }: Pick<Orders, "exports" | "signatures" | "until">,
  make: unknown,
  load: Load,
  seed: number,
): Promise<void> {
  // Read once: a module may export what changes later.
  const module = { ...await load().catch((error) => broken("it does not load", error)) };
  const missing = exports.filter((name) => !(name in module));
  if (missing.length > 0) broken(`it does not export ${missing.join(", ")}`);
  let asked = "", named = 0;
  const kata = Object.freeze(guarded(module, signatures, (name) => {
    if (name !== asked && named++ < NAMED) report("asks", name);
    asked = name;
  }));
  if (typeof make !== "function") broken("the suite has no default export that makes it");
  let suite: Suite;
  try {
    suite = (make as (kata: unknown, seed: number) => Suite)(kata, seed);
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
        asked = "";
        named = 0;
        process.stdout.write = write;
      },
      ended(test, error) {
        hush();
        if (!error) return report("passed", test);
        const { details, code } = error as { details?: unknown; code?: unknown };
        const assertion = code === "ERR_ASSERTION" ? "assertion" : "";
        const shown = typeof details === "string" ? details : "";
        const { name, message, stack = "" } = error;
        report("failed", test, name, message, shown, stack, assertion, asked);
      },
    }, until);
  } catch (error) {
    broken("the suite threw outside a test", error);
  } finally {
    process.stdout.write = write;
  }
  report("end");
}
