// What a cell knows beside the language, which is all of the library that cells.json names: neither Deno's nor a page's,
// since a chapter runs in both. Checking a chapter takes a third less time so.

/** What the first line of a woven chapter takes apart; `deno check` knows it from here, through cells.json. */
declare function __chapter(
  slug: string,
  key: string,
): import("./harness.ts").Scope<import("../../sim/mod.ts").Era>;

/** The simulator keeps the bytes of strings; every host has these. */
// deno-lint-ignore no-var -- a constant could not stand beside that of a library
declare var TextEncoder: { new (): { encode(text?: string): Uint8Array<ArrayBuffer> } };
// deno-lint-ignore no-var -- a constant could not stand beside that of a library
declare var TextDecoder: { new (): { decode(bytes?: Uint8Array): string } };
