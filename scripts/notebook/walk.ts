// A film in a terminal, one picture at a time: Enter and the arrow keys go through it, q leaves. Where keys cannot be
// read all pictures stand one under the other.

import * as colors from "@std/fmt/colors";
import { fold, painted, wrap } from "../tool/text.ts";
import type { Film } from "./films.ts";

/** What a film is shown on; a test has one of its own. */
export interface Screen {
  columns(): number;
  rows(): number;
  /** Writes lines, each with a line end. */
  say(...lines: readonly string[]): void;
  /** What was typed, a key or more; undefined when nothing more can come. */
  typed(): Promise<string | undefined>;
}

const forward = ["\r", "\n", " ", "\x1b[C", "\x1b[B"];
const back = ["\x1b[D", "\x1b[A", "\x7f"];
const interrupt = "\x03";

/**
 * Shows a film picture by picture, each in the place of the one before where the terminal is high enough.
 *
 * @returns whether the reader went past the last picture, left before, or pressed Ctrl-C
 */
export async function walk(
  { steps }: Film,
  name: string,
  screen: Screen,
): Promise<"end" | "left" | "interrupted"> {
  let drawn = 0;
  let at = 0;
  const draw = () => {
    const { caption, text } = steps[at]!;
    const columns = screen.columns();
    const folded = (text: string, paint?: (text: string) => string) =>
      text.split("\n").flatMap((text) => fold([{ text, ...(paint && { paint }) }], columns));
    const keys = at + 1 < steps.length
      ? "Enter → next, ← back, q leave"
      : "Enter end, ← back, q leave";
    const lines = [
      ...wrap(
        [{ text: `${name}: picture ${at + 1} of ${steps.length}`, paint: colors.bold }],
        columns,
      ),
      ...folded(caption),
      [],
      ...folded(text, colors.cyan),
      [],
      ...wrap([{ text: keys, paint: colors.dim }], columns),
    ].map(painted);
    // What has scrolled away cannot be drawn over: then the picture stands below.
    const over = drawn > 0 && drawn < screen.rows() ? `\x1b[${drawn}A\x1b[J` : "";
    screen.say(over + lines[0], ...lines.slice(1));
    drawn = lines.length;
  };
  draw();
  for (;;) {
    const typed = await screen.typed();
    if (typed === undefined) return "left";
    // deno-lint-ignore no-control-regex -- what the keys send
    for (const key of typed.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O.)|[^]/g) ?? []) {
      if (key === interrupt) return "interrupted";
      if (key === "q" || key === "\x04") return "left";
      if (forward.includes(key) && at + 1 === steps.length) return "end";
      const next = forward.includes(key) ? at + 1 : back.includes(key) ? Math.max(at - 1, 0) : at;
      if (next === at) continue;
      at = next;
      draw();
    }
  }
}

/** A film as text, all pictures. */
export function filmLines({ text, steps }: Film, name: string, columns: number): string[] {
  const head = `${name}: ${steps.length} pictures`;
  return [
    ...wrap([{ text: head, paint: colors.bold }], columns).map(painted),
    "",
    ...text.split("\n").flatMap((text) => fold([{ text }], columns).map(painted)),
  ];
}

/** Does some work while keys are read as they are typed; the terminal is as it was afterwards, whatever the end is. */
export async function withKeys<T>(work: (typed: Screen["typed"]) => Promise<T>): Promise<T> {
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
    return await work(async () => {
      const count = await Deno.stdin.read(bytes);
      return count === null ? undefined : decoder.decode(bytes.subarray(0, count));
    });
  } finally {
    Deno.stdin.setRaw(false);
    for (const signal of signals) Deno.removeSignalListener(signal, killed);
  }
}
