// What a probe says of itself before it replays anything: which kernel it runs on, what it sees of it, and what it cannot
// do there and why.

import type { Level } from "../../sim/mod.ts";
import { Problem } from "../tool/problem.ts";

/** A probe's kernel, and its abilities there. */
export interface Header {
  /** As `uname -r`. */
  readonly release: string;
  /** Every `name=value` of the first line, in its order: `uring=yes`, `thp=madvise`. */
  readonly settings: ReadonlyMap<string, string>;
  /** Why there is no swap, no KSM and so on. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Reads the lines that begin with `#`. */
export function parseHeader(lines: readonly string[]): Header {
  const settings = new Map<string, string>();
  const reasons = new Map<string, string>();
  for (const line of lines) {
    const [, ability, why] = line.match(/^# no (\S+): (.*)$/) ?? [];
    if (ability) reasons.set(ability, why!.trim());
    else for (const [, name, value] of line.matchAll(/(\S+)=(\S*)/g)) settings.set(name!, value!);
  }
  const release = settings.get("release");
  if (release) return { release, settings, reasons };
  throw new Problem("the probe did not say which kernel it runs on", {
    remedy: `Its first line begins with "# release=". It said: ${lines[0] ?? "nothing"}`,
  });
}

/** What the probe sees: frames with root, faults where they are counted. */
export function levelOf({ settings }: Header): Level {
  if (settings.get("frames") === "yes") return "frames";
  return settings.get("faults") === "no" ? "bytes" : "faults";
}

/** What the probe cannot do here: `uring`, `swap` and so on. */
export function lacking({ settings }: Header): Set<string> {
  return new Set(
    [...settings].filter(([, value]) => value === "no" || value === "never").map(([name]) => name),
  );
}
