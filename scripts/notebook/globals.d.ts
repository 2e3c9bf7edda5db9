// What the first line of a woven chapter takes apart; `deno check` knows it from here, through cells.json.
declare function __chapter(
  slug: string,
): import("./harness.ts").Scope<import("../../sim/mod.ts").Era>;
