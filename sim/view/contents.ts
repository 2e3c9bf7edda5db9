/**
 * What a page holds, in few characters.
 *
 * @module
 */

import type { Contents } from "../state.ts";

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
