/**
 * What operations and notes say. They are kept in pieces, and put together when somebody reads them: a machine says much
 * more than anybody reads.
 *
 * @module
 */

import type { Contents } from "./state.ts";

/** A sentence in pieces. A number behind a piece that ends in `0x` is an address; bytes are shown as contents. */
export type Words = readonly (string | number | Contents)[];

/** The sentence of an operation or of a note. */
export function sentence({ words }: { readonly words: Words }): string {
  let text = "";
  for (const word of words) {
    if (typeof word === "number") text += text.endsWith("0x") ? word.toString(16) : String(word);
    else text += typeof word === "string" ? word : bytesText(word);
  }
  return text;
}

/**
 * Contents in few characters: runs of text in quotes, other bytes in hex, `+64` before what does not start the page.
 * Two zero bytes end a run; a single one inside it is written `\\0`.
 */
export function bytesText(bytes: Contents): string {
  const runs: string[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    let end = at;
    while (end < bytes.length && (bytes[end] !== 0 || (bytes[end + 1] ?? 0) !== 0)) end++;
    runs.push(`${at ? `+${at} ` : ""}${runText(bytes.slice(at, end))}`);
    at = end;
  }
  return runs.join(" ") || "zeros";
}

function runText(run: Contents): string {
  const plain = run.every((byte) => byte === 0 || byte >= 0x20 && byte <= 0x7e);
  const most = plain ? 24 : 8, more = run.length > most ? "…" : "";
  const shown = run.slice(0, most).map((byte) => {
    if (!plain) return byte.toString(16).padStart(2, "0");
    return byte === 0 ? "\\0" : String.fromCharCode(byte);
  }).join("");
  return plain ? `"${shown}${more}"` : `0x${shown}${more}`;
}
