// Text in columns: pieces with a colour, wrapped or folded to a width, and tables.

import stringWidth from "fast-string-width";

/** Text in one colour; a `paint` does nothing while colours are off. */
export interface Span {
  text: string;
  paint?: (text: string) => string;
}

/** How many columns a line takes up: colours and marks take none, East Asian characters and emoji two, a tab the way to its stop. */
export function columnsOf(line: string): number {
  const [first = "", ...rest] = line.split("\t").map((part) => stringWidth(part));
  return rest.reduce((columns, width) => columns + 8 - columns % 8 + width, Number(first));
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

/** Text in lines of at most `columns`, each behind the indent. */
export function paragraph(text: string, columns: number, indent = ""): string[] {
  return wrap([{ text }], columns - indent.length).map((line) => indent + textOf(line));
}

/** Lines of a terminal as they are where they fit; a longer one is folded at its columns, or where it has none, wrapped. */
export function fitted(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) =>
    columnsOf(line) <= columns
      ? [line]
      : / {2}/.test(line)
      ? fold([{ text: line }], columns).map(textOf)
      : paragraph(line, columns)
  );
}

/** Lays out rows in columns of text. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) => row.map((cell, i) => pad(cell, widths[i]!)).join("  ").trimEnd());
}

/** Lays out rows in columns; the first is to the left, the others are numbers to the right. */
export function numbersTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = widthsOf([head, ...rows]);
  return [head, ...rows].map((row) =>
    row.map((cell, i) => i === 0 ? pad(cell, widths[0]!) : cell.padStart(widths[i]!)).join("  ")
      .trimEnd()
  );
}

/** How wide each column is. */
export function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => columnsOf(row[i] ?? ""))));
}

/** Text with blanks behind it, up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(columns - columnsOf(text), 0));
}
