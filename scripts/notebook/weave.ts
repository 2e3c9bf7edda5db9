// This module is browser compatible.
//
// Both targets of weaving: the module that Deno runs, and the classic script for a page. woven.ts has the first by itself:
// what takes the types off takes longer to load than the chapters to run, and Deno needs none of it.

import { transform } from "sucrase";

export { weave } from "./woven.ts";

/**
 * A woven chapter as one async function expression `(require, __chapter) => Promise<void>`, in strict mode, for a
 * classic script: pages opened from a disk can load no module. Lines are kept; columns move where types stood.
 *
 * `require("sim")` must return the simulator's exports. Throws sucrase's SyntaxError, `… (line:column)`.
 */
export function toClassic(woven: string): string {
  const { code } = transform(woven.replace(/export \{\};\n$/, ""), {
    transforms: ["typescript", "imports"],
    disableESTransforms: true,
    keepUnusedImports: true,
    preserveDynamicImport: true,
  });
  return `(async function (require, __chapter) {${code}\n})`;
}
