// Short hashes of lines and files, to tell whether something was changed since.

import { createHash } from "node:crypto";

/** Twelve digits for a text, or for lines. */
export function hashOf(text: string | readonly string[]): string {
  const whole = typeof text === "string" ? text : text.map((line) => `${line}\n`).join("");
  return createHash("sha256").update(whole).digest("hex").slice(0, 12);
}
