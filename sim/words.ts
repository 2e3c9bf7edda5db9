/**
 * What operations say. They are kept in pieces, and put together when somebody reads them: a machine says much more than
 * anybody reads.
 *
 * @module
 */

import type { Contents } from "./state.ts";
import { bytesText } from "./view/contents.ts";

/** A sentence in pieces. A number behind a piece that ends in `0x` is an address; bytes are shown as contents. */
export type Words = readonly (string | number | Contents)[];

/** The sentence of an operation. */
export function sentence({ words }: { readonly words: Words }): string {
  let text = "";
  for (const word of words) {
    if (typeof word === "number") text += text.endsWith("0x") ? word.toString(16) : String(word);
    else text += typeof word === "string" ? word : bytesText(word);
  }
  return text;
}
