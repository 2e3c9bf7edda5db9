// The terminal: its colours and its width, lines that go again, and the one door to it. What comes from a file, a name or a
// child is spelled out there, so that nothing but our own colours reaches it as an escape.

import * as colors from "@std/fmt/colors";
import { printable } from "./printable.ts";
import { paragraph } from "./text.ts";

/** Colours are for a terminal, unless NO_COLOR says otherwise. */
export function setUpColors(stream: { isTerminal(): boolean } = Deno.stdout): void {
  colors.setColorEnabled(stream.isTerminal() && !Deno.noColor);
}

/** The width of the terminal; of the environment's COLUMNS where there is none or it does not say, or 80. */
export function terminalColumns(): number {
  return columnsToUse(sizeOf("columns"), Deno.env.get("COLUMNS"));
}

/** How many lines the terminal shows; 24 where it does not say. */
export function terminalRows(): number {
  return sizeOf("rows") || 24;
}

/** The width that a terminal and an environment give; a terminal of 0 columns, as those of CI often are, gives none. */
export function columnsToUse(
  terminal: number | undefined,
  environment: string | undefined,
): number {
  const given = terminal || Math.trunc(Number(environment));
  return given > 0 ? Math.min(Math.max(given, 20), WIDEST) : 80;
}

/** A line of more columns is a mistake in the environment, and would be filled with blanks. */
const WIDEST = 1_000;

function sizeOf(side: "columns" | "rows"): number | undefined {
  try {
    return Deno.stdout.isTerminal() ? Deno.consoleSize()[side] : undefined;
  } catch {
    return undefined; // a terminal that does not know its size
  }
}

/** The columns to read prose in: those of the terminal, 80 at most. */
export function readableColumns(): number {
  return Math.min(terminalColumns(), 80);
}

/** Writes lines to stdout; throws Deno.errors.BrokenPipe when nobody reads them, which `main` takes for the end. */
export function say(...lines: readonly string[]): void {
  write(Deno.stdout, lines.map((line) => `${shown(line)}\n`).join(""));
}

/** Writes lines to stderr. */
export function complain(...lines: readonly string[]): void {
  write(Deno.stderr, lines.map((line) => `${shown(line)}\n`).join(""));
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

/** The escapes of our own colours, and no others: not those that hide text or colour what is behind it. */
// deno-lint-ignore no-control-regex -- what colours are
const OURS = /(\x1b\[(?:[1-4]|9|2[2-49]|3[1-69]|90)m)/;

/** A line as a terminal gets it: our own colours where there are any, and everything else that cannot be seen spelled out. */
export function shown(line: string): string {
  if (!colors.getColorEnabled()) return printable(line);
  return line.split(OURS).map((part, i) => i % 2 === 1 ? part : printable(part)).join("");
}

/** Takes back the last lines that were written to a terminal. */
export function rubOut(lines: number): void {
  write(Deno.stdout, `\x1b[${lines}A\x1b[J`);
}

/** Begins a screen anew, on a terminal only. */
export function clearScreen(): void {
  if (Deno.stdout.isTerminal()) write(Deno.stdout, "\x1b[H\x1b[2J");
}

/** Shows what is going on in a line of its own, on a terminal only; the next one takes its place, and "" rubs it out. */
export function status(text: string): void {
  if (!Deno.stderr.isTerminal()) return;
  // A line as wide as the terminal would wrap, and its first half would stay.
  const line = colors.dim(printable(text).slice(0, terminalColumns() - 1));
  write(Deno.stderr, `\r\x1b[K${text && line}`);
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
