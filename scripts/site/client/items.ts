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
