// What a cell printed is an item a call; what is read together is shown together.

import type { Item } from "../../notebook/harness.ts";

/** Items with neighbouring texts joined by a line end, as the output block of the Markdown has them. */
export function joinTexts(items: readonly Item[]): Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.kind === "text" && last?.kind === "text") last.text += `\n${item.text}`;
    else joined.push({ ...item });
  }
  return joined;
}

/** More lines than these fold. */
const foldedLines = 40, shownLines = 20;

/** A text as what is shown of it at once and the lines that fold, if there are many. */
export function foldLines(text: string): { shown: string; rest?: string; count: number } {
  const lines = text.split("\n");
  if (lines.length <= foldedLines) return { shown: text, count: 0 };
  const rest = lines.slice(shownLines);
  return {
    shown: lines.slice(0, shownLines).join("\n"),
    rest: rest.join("\n"),
    count: rest.length,
  };
}
