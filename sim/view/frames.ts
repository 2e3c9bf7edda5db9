/**
 * The picture of who owns what.
 *
 * @module
 */

import type { State } from "../state.ts";
import { drawing } from "./drawing.ts";
import { look } from "./look.ts";
import { framesText as text, pictureText } from "./text.ts";
import { display, type View } from "./view.ts";

/** Every frame in use: its counts, its contents, and its owners, mapped or not; and what is right or wrong. */
export function frames(state: State): View {
  const picture = look(state);
  return display(pictureText(picture), drawing(picture));
}

/** The picture in text without the verdict. */
export function framesText(state: State): string {
  return text(look(state));
}
