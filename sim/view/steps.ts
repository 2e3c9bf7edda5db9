/**
 * A film: the picture after each operation of a trace that changed it, with the operation and the machine's reasons as
 * its caption. In text all pictures stand one under the other; a page shows one at a time.
 *
 * @module
 */

import { apply } from "../apply.ts";
import type { Event } from "../event.ts";
import { operationText } from "./operation.ts";
import { emptyState } from "../state.ts";
import { reasonText } from "./reason.ts";
import { framesSvg } from "./svg.ts";
import { framesText } from "./text.ts";
import { STEPS, type View } from "./view.ts";

/** One picture of a film. */
export interface Step {
  /** The operation, and below it why the machine decided as it did, a line each. */
  readonly caption: string;
  /** The picture in text. */
  readonly text: string;
  /** The same as a drawing. */
  readonly svg: string;
}

/**
 * The film of a trace.
 *
 * @param trace the events of a machine, from its beginning
 * @param from how many events have happened before the first picture
 */
export function steps(trace: readonly Event[], from: number = 0): View {
  const film = picturesOf(trace, from);
  const text = film.map(({ caption, text }) => `${caption}\n${indent(text)}`).join("\n") ||
    "nothing changed";
  const svg = film.at(-1)?.svg ?? framesSvg(emptyState());
  return {
    toString: () => text,
    [Symbol.for("Jupyter.display")]: () => ({
      "text/plain": text,
      "image/svg+xml": svg,
      [STEPS]: JSON.stringify(film),
    }),
  };
}

function picturesOf(trace: readonly Event[], from: number): Step[] {
  const state = emptyState(), film: Step[] = [];
  let shown = framesText(state), caption: string[] = [];
  for (const [at, event] of trace.entries()) {
    apply(state, event);
    if (event.type === "op") caption = [operationText(event)];
    if (event.type === "note") caption.push(`  ${reasonText(event.reason)}`);
    const last = trace[at + 1] === undefined || trace[at + 1]!.type === "op";
    if (at < from || !last || caption.length === 0) continue;
    const text = framesText(state);
    if (text !== shown) film.push({ caption: caption.join("\n"), text, svg: framesSvg(state) });
    shown = text;
  }
  return film;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
