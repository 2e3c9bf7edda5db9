// What comes out of the sandbox, believed only as far as its shape: a cell's code ran in there.

import type { Report } from "../../notebook/harness.ts";
import { isReport } from "../../notebook/reports.ts";
import type { Told } from "./worker.ts";

/** What is heard of a worker that runs cells: what it says, and what the frame says of it. */
export type Said =
  | Report
  | Told
  /** Its own script does not run. */
  | { kind: "broken"; message: string }
  /** It said more than a chapter can. */
  | { kind: "flood" };

/** Is this something that is said of a run? Nobody watches what its machines do, so it tells of no deeds. */
export function isSaid(data: unknown): data is Said {
  if (isReport(data)) return data.kind !== "deeds";
  if (typeof data !== "object" || data === null) return false;
  const { kind, message, line } = data as Record<string, unknown>;
  if (kind === "rest" || kind === "flood") return true;
  if (typeof message !== "string") return false;
  return kind === "broken" || kind === "unreadable" && Number.isSafeInteger(line);
}
