/**
 * What a picture is: text for a terminal and a reader's ear, a drawing for a page, of the same state with the same nouns.
 * A notebook, our own or Jupyter, asks for both by `Symbol.for("Jupyter.display")`.
 *
 * A drawing is an `<svg>` that needs nothing beside it: its colours are presentation attributes on a sheet of its own, so
 * that it is legible wherever it is shown. A page that has its own paper and colours hides the sheet (`.paper`) and sets
 * the classes: `.p1` to `.p4` are processes, `.device`, `.pipe` and `.cache` who else holds frames, `.good` and `.bad`
 * verdicts, `.quiet` what is said aside.
 *
 * @module
 */

/** The MIME type of a film: a JSON list of {@linkcode Step}s. */
export const STEPS = "application/vnd.pinned.steps+json";

/** One picture of a film. */
export interface Step {
  /** The operation. */
  readonly operation: string;
  /** Why the machine decided as it did. */
  readonly reasons: readonly string[];
  /** The picture in text, indented by four columns. */
  readonly text: string;
  /** The same as a drawing. */
  readonly svg: string;
  /** The verdicts, in words. */
  readonly verdicts: readonly string[];
}

/** What a view displays, by MIME type. */
export interface Display {
  /** The picture in words. */
  "text/plain": string;
  /** The drawing; of a film, its last picture. Its `aria-label` says in short what it shows. */
  "image/svg+xml": string;
  /** The pictures of a film. */
  [STEPS]?: string;
}

/** A picture of a state, as it was when the picture was made. */
export interface View {
  /** The text: at most 80 columns, no colour, lines without a trailing newline. */
  toString(): string;
  /** Under `Symbol.for("Jupyter.display")`, the MIME bundle. */
  readonly [display: symbol]: () => Display;
}

/** A view of a text and a drawing, and of a film's pictures. */
export function display(text: string, svg: string, film?: readonly Step[]): View {
  return {
    toString: () => text,
    [Symbol.for("Jupyter.display")]: () => ({
      "text/plain": text,
      "image/svg+xml": svg,
      ...film && { [STEPS]: JSON.stringify(film) },
    }),
  };
}
