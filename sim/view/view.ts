/**
 * What a picture is: text for a terminal and a reader's ear, a drawing for a page, of the same state with the same nouns.
 * A notebook, our own or Jupyter, asks for both by `Symbol.for("Jupyter.display")`.
 *
 * @module
 */

/** The MIME type of a film: a JSON list of `{ caption, text, svg }`. */
export const STEPS = "application/vnd.pinned.steps+json";

/** What a view displays, by MIME type. */
export interface Display {
  /** The picture in words. */
  "text/plain": string;
  /** The drawing; of a film, its last picture. */
  "image/svg+xml": string;
  /** The pictures of a film. */
  [STEPS]?: string;
}

/** A picture of a state, as it was when the picture was made. */
export interface View {
  /** The text: at most 80 columns, no colour, lines without a trailing newline. */
  toString(): string;
  /** Under `Symbol.for("Jupyter.display")`, the MIME bundle. The text is the accessible name of the SVG, its `aria-label`. */
  readonly [display: symbol]: () => Display;
}
