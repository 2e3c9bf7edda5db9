// A terminal that is read key by key: what a task shows and asks there, and a test instead.

import { rubOut, say, terminalColumns, terminalRows } from "./terminal.ts";

/** What is shown on, and typed at; a test has one of its own. */
export interface Screen {
  columns(): number;
  rows(): number;
  /** Writes lines, each with a line end. */
  say(...lines: readonly string[]): void;
  /** Takes back the last lines that were written. */
  rubOut(lines: number): void;
  /** What was typed, a key or more; undefined when nothing more can come. */
  typed(): Promise<string | undefined>;
}

/** How a reader left: at the end, before it, or by Ctrl-C. */
export type End = "end" | "left" | "interrupted";

/** Keys that go on, and those that leave. */
export const FORWARD: readonly string[] = ["\r", "\n", " ", "\x1b[C", "\x1b[B"];
export const INTERRUPT = "\x03";
export const LEAVE: readonly string[] = ["q", "\x04"];

/** What was typed, key by key. */
export function keysIn(typed: string): string[] {
  // deno-lint-ignore no-control-regex -- what the keys send
  return typed.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O.)|[^]/g) ?? [];
}

/** Can a reader be shown something and asked for a key? */
export function canAsk(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

/** Does some work on the terminal while keys are read as they are typed; it is as it was afterwards, whatever the end is. */
export async function withScreen<T>(work: (screen: Screen) => Promise<T>): Promise<T> {
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(64);
  const killed = () => {
    Deno.stdin.setRaw(false);
    Deno.exit(143);
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, killed);
  Deno.stdin.setRaw(true);
  try {
    return await work({
      columns: terminalColumns,
      rows: terminalRows,
      say,
      rubOut,
      async typed() {
        const count = await Deno.stdin.read(bytes);
        return count === null ? undefined : decoder.decode(bytes.subarray(0, count));
      },
    });
  } finally {
    Deno.stdin.setRaw(false);
    for (const signal of signals) Deno.removeSignalListener(signal, killed);
  }
}
