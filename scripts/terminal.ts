// Text for a terminal: pieces with a colour, wrapped or folded to a width, and written so that a closed pipe is no error.

import * as colors from "@std/fmt/colors";

/** Text in one colour; a `paint` does nothing while colours are off. */
export interface Span {
  text: string;
  paint?: (text: string) => string;
}

/** Colours are for a terminal, unless NO_COLOR says otherwise. */
export function setUpColors(): void {
  colors.setColorEnabled(Deno.stdout.isTerminal() && !Deno.noColor);
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

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How many columns a line takes up: marks take none, East Asian characters and emoji two, a tab the way to its stop. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === "\t") columns += 8 - columns % 8;
    else if (!/\p{M}|\p{Cf}/u.test(character)) columns += wide.test(character) ? 2 : 1;
  }
  return columns;
}

const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join("");

/** The spans with their colours, as one string; neighbours in one colour are painted in one go. */
export function painted(spans: readonly Span[]): string {
  const runs: Span[] = [];
  for (const span of spans) {
    const last = runs.at(-1);
    if (last && last.paint === span.paint) {
      runs[runs.length - 1] = { ...last, text: last.text + span.text };
    } else runs.push(span);
  }
  return runs.map(({ text, paint }) => paint && text ? paint(text) : text).join("");
}

/**
 * Fills lines with words, as many as fit in `columns`. A word that does not fit at all stands on a line of its own,
 * unbroken, so that an address can be copied. A `\n` ends a line.
 */
export function wrap(spans: readonly Span[], columns: number): Span[][] {
  const lines: Span[][] = [[]];
  let used = 0;
  let blank: Span | undefined;
  let word: Span[] = [];
  const endWord = () => {
    if (word.length === 0) return;
    const size = columnsOf(textOf(word));
    if (used > 0 && used + 1 + size > columns) {
      lines.push([]);
      used = 0;
    } else if (used > 0 && blank) {
      lines.at(-1)!.push({ ...blank, text: " " });
      used++;
    }
    lines.at(-1)!.push(...word);
    used += size;
    word = [];
    blank = undefined;
  };
  for (const span of spans) {
    for (const part of span.text.split(/(\n|[ \t]+)/)) {
      if (/^\s/.test(part)) {
        endWord();
        blank = { ...span, text: part };
        if (part === "\n") {
          lines.push([]);
          used = 0;
        }
      } else if (part) word.push({ ...span, text: part });
    }
  }
  endWord();
  return lines;
}

/**
 * Cuts a line whose blanks matter into lines of at most `columns`: at its columns (two blanks or more) if it has any,
 * else at a blank. What follows hangs four columns further in.
 */
export function fold(spans: readonly Span[], columns: number): Span[][] {
  const lines: Span[][] = [];
  let rest = [...spans];
  let hang = "";
  while (columnsOf(hang + textOf(rest)) > columns) {
    const text = textOf(rest);
    const indent = text.match(/^\s*/)![0].length;
    const room = columns - hang.length;
    const at = lastBreak(text, / {2,}/g, indent, room) ?? lastBreak(text, / +/g, indent, room);
    const [end, next] = at ?? [room, room];
    lines.push([{ text: hang }, ...slice(rest, 0, end)]);
    rest = slice(rest, next, text.length);
    hang ||= " ".repeat(Math.min(indent + 4, columns >> 1));
  }
  lines.push([{ text: hang }, ...rest]);
  return lines;
}

/** Where the last break that leaves at most `room` characters begins and ends. */
function lastBreak(
  text: string,
  blanks: RegExp,
  indent: number,
  room: number,
): [number, number] | undefined {
  const fitting = [...text.matchAll(blanks)].filter(({ index }) => index > indent && index <= room);
  const last = fitting.at(-1);
  return last && [last.index, last.index + last[0].length];
}

function slice(spans: readonly Span[], from: number, to: number): Span[] {
  let at = 0;
  return spans.flatMap((span) => {
    const text = span.text.slice(Math.max(from - at, 0), Math.max(to - at, 0));
    at += span.text.length;
    return text ? [{ ...span, text }] : [];
  });
}

/** `1 cell`, `2 cells`. */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Writes lines to stdout; throws Deno.errors.BrokenPipe when nobody reads them, which `main` takes for the end. */
export function say(...lines: readonly string[]): void {
  let bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

/** Does some work under a line that says so: on a terminal only, and gone when the work is done. */
export async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  if (!Deno.stderr.isTerminal()) return await work();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  write(`${what}…`);
  try {
    return await work();
  } finally {
    write("\r\x1b[K");
  }
}
