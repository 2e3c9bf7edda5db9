// This module is browser compatible.
//
// What is heard of a harness, believed only as far as its shape: a cell's code ran on the other side; and what to do
// about what it refuses.

import { isStep } from "./format.ts";
import type { Report } from "./harness.ts";

/** Is this what the harness reports? A cell that changes the language may make it something else. */
export function isReport(report: unknown): report is Report {
  if (typeof report !== "object" || report === null) return false;
  const { kind, cell, ...rest } = report as Record<string, unknown>;
  if (kind === "end") return true;
  if (!Number.isInteger(cell)) return false;
  const { item, name, count, deeds, error } = rest as Record<string, Record<string, unknown>>;
  switch (kind) {
    case "begin":
      return true;
    case "item":
      return typeof item?.text === "string" &&
        (item.kind === "text" || item.kind === "view" && typeof item.svg === "string" &&
            (item.steps === undefined || Array.isArray(item.steps) && item.steps.every(isStep)));
    case "count":
      return typeof name === "string" && Number.isSafeInteger(count?.value) &&
        (count!.of === undefined || Number.isSafeInteger(count!.of));
    case "deeds":
      return Array.isArray(deeds);
    case "error":
      return typeof error?.name === "string" && typeof error.message === "string" &&
        (error.line === undefined || Number.isSafeInteger(error.line));
  }
  return false;
}

/** What to do about an error of the harness's own, by its name. */
export const hints: Readonly<Record<string, string>> = {
  Forged: "No cell needs it: take the call away",
  PrintedTooMuch: "A reader would not read it: print what matters",
  PrintedTooLate: "Its output could stand under no cell: await what prints",
  ThrewNothing: "Take the mark away, or find out why the error does not come",
};
