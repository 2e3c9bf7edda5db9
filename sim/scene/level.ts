/**
 * How much of an answer an observer can see: what programs read, how many faults they took, or the page frames below.
 *
 * Two observers are compared at what both of them see: each answer goes through {@linkcode atLevel} first.
 *
 * @module
 */

/** What an observer sees; each shows all that the one before it shows. */
export type Level = "bytes" | "faults" | "frames";

/** Every level, from the least to the most. */
export const levels: readonly Level[] = ["bytes", "faults", "frames"];

/** A snapshot: what each process has, in tokens. Without a process there is nothing. */
const SNAPSHOT = /^(?:P\d+=\S*(?: P\d+=\S*)*)?$/;

/**
 * Leaves out of a scene's answer what `level` does not show.
 *
 * - `frames`: all of it; a real kernel shows it to root.
 * - `faults`: not whether a write kept its frame, and of a snapshot what a process sees without root: `?x` for a page that
 *   is mapped once, `?.` for any other, `S`, `-`. Linux 6.18.44 shows the zero page as `?.`, pages of files as any page.
 * - `bytes`: no fault counts either; a snapshot is `ok`.
 *
 * @param answer of one line, as `runScene` and the probe give it; `f?` stands for a count that is left open
 */
export function atLevel(answer: string, level: Level): string {
  if (level === "frames") return answer;
  if (SNAPSHOT.test(answer)) {
    return level === "bytes" ? "ok" : answer.replaceAll(/[^ =,]+(?=[ ,]|$)/g, unprivileged);
  }
  const seen = answer.replace(/^(ok(?: f[\d?]+)?) (?:same|copy|new)$/, "$1");
  return level === "bytes" ? seen.replace(/^(ok|=\d+) f[\d?]+$/, "$1") : seen;
}

/** A token of a snapshot as /proc/PID/pagemap gives it to those who may not see frame numbers. */
function unprivileged(token: string): string {
  if (token === "-" || token === "S") return token;
  // The first `x` or `.` is bit 56, mapped exactly once; the zero page, which nothing counts, never has it.
  return token.match(/[x.]/)?.[0] === "x" ? "?x" : "?.";
}
