// The terminal: its colours and its width, lines that are written so that a closed pipe is no error, and lines that go again.

import * as colors from "@std/fmt/colors";
import { paragraph } from "./text.ts";

/** Colours are for a terminal, unless NO_COLOR says otherwise. */
export function setUpColors(stream: { isTerminal(): boolean } = Deno.stdout): void {
  colors.setColorEnabled(stream.isTerminal() && !Deno.noColor);
}

/** The width of the terminal, of the environment's COLUMNS where stdout is none, or 80. */
export function terminalColumns(): number {
  try {
    if (Deno.stdout.isTerminal()) return Math.max(Deno.consoleSize().columns, 20);
  } catch {
    // A terminal that does not know its size.
  }
  return Math.max(Number(Deno.env.get("COLUMNS")) || 80, 20);
}

/** The columns to read prose in: those of the terminal, 80 at most. */
export function readableColumns(): number {
  return Math.min(terminalColumns(), 80);
}

/** Writes lines to stdout; throws Deno.errors.BrokenPipe when nobody reads them, which `main` takes for the end. */
export function say(...lines: readonly string[]): void {
  let bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

/** Shows what is going on in a line of its own, on a terminal only; the next one takes its place, and "" rubs it out. */
export function status(text: string): void {
  if (!Deno.stderr.isTerminal()) return;
  // A line as wide as the terminal would wrap, and its first half would stay.
  const line = colors.dim(text.slice(0, terminalColumns() - 1));
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text && line}`));
}

/** Shows how far something is, with a bar where there is room. */
export function showProgress(done: number, of: number, what: string): void {
  const count = ` ${done} of ${of} ${what}`,
    room = Math.min(30, terminalColumns() - count.length - 3);
  const full = Math.round(room * done / Math.max(of, 1));
  status((room > 4 ? `[${"#".repeat(full)}${".".repeat(room - full)}]` : "") + count);
}

/** Does some work under a line that says so, and is gone when the work is done. */
export async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  status(`${what}…`);
  try {
    return await work();
  } finally {
    status("");
  }
}

/** Hints name `deno`; here is what to type without. Told where somebody begins, and not again. */
export function withoutDeno(columns: number): string[] {
  const line = `(without Deno: npx --yes deno@${Deno.version.deno} task …)`;
  return ["", ...paragraph(line, columns).map(colors.dim)];
}
