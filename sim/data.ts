/**
 * What processes store and devices transfer: text, or bytes.
 *
 * @module
 */

import type { Contents } from "./state.ts";

/** What a process stores or a device transfers: text goes with its terminating NUL, as with `strcpy`. */
export type Data = string | Uint8Array | readonly number[];

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Data as an operation is asked with it: bytes are copied, since their owner may go on writing to them. What is none stays so. */
export function operandOf(data: Data): string | Contents {
  return ArrayBuffer.isView(data) || Array.isArray(data) ? bytesOf(data) : data as string;
}

/** Data as bytes of their own. */
export function bytesOf(data: Data): Contents {
  const list = typeof data === "string" ? encoder.encode(`${data}\0`) : data, bytes: number[] = [];
  for (let at = 0; at < list.length; at++) bytes.push(list[at]!);
  return bytes;
}

/** The text at the beginning of bytes, up to its NUL or their end. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end === -1 ? bytes : bytes.subarray(0, end));
}
