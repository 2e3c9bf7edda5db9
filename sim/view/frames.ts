/**
 * The picture of who owns what.
 *
 * @module
 */

import type { State } from "../state.ts";
import { framesSvg } from "./svg.ts";
import { framesText } from "./text.ts";
import type { View } from "./view.ts";

/** Every frame in use: its counts, its contents, and its owners, mapped or not. */
export function frames(state: State): View {
  const text = framesText(state), svg = framesSvg(state);
  return {
    toString: () => text,
    [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": svg }),
  };
}
