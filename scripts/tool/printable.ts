// This module is browser compatible.
//
// Text of which everything can be seen: what would move a cursor, hide or turn around what stands beside it, or not
// survive a file is spelled out.

/** Control characters, ends of lines that are none to an editor, and what has no width or turns the direction. */
const hidden =
  /(?![\t\n\u200c\u200d\ufe00-\ufe0f])[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Spells out what cannot be seen. Tabs, ends of lines, and what joins letters and emoji stay. */
export function printable(text: string): string {
  return text.toWellFormed().replace(hidden, escapeOf);
}

/** The first character that {@linkcode printable} would spell out, and where it is; undefined where there is none. */
export function firstHidden(text: string): { at: number; escape: string } | undefined {
  const at = text.search(hidden);
  return at < 0 ? undefined : { at, escape: escapeOf(String.fromCodePoint(text.codePointAt(at)!)) };
}

function escapeOf(found: string): string {
  const digits = found.codePointAt(0)!.toString(16);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
}
