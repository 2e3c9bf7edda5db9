/**
 * A film: the picture after each operation of a trace that changed it, with the operation and the machine's reasons as
 * its caption, and with what changed marked. In text all pictures stand one under the other; a page shows one at a time.
 *
 * @module
 */

import { apply } from "../apply.ts";
import type { Event } from "../event.ts";
import { emptyState } from "../state.ts";
import { VERDICTS, verdicts, type VerdictWord } from "../verdict.ts";
import { changed } from "./changes.ts";
import { drawings } from "./drawing.ts";
import { look } from "./look.ts";
import { operationText } from "./operation.ts";
import type { Picture } from "./picture.ts";
import { reasonText } from "./reason.ts";
import { pictureText, stepText } from "./text.ts";
import { display, type Step, type View } from "./view.ts";

/** What is still to be drawn: every owner keeps its place in all of the film, so this waits for its end. */
type Scene = Pick<Step, "operation" | "reasons"> & { readonly picture: Picture };

/**
 * The film of a trace.
 *
 * @param trace the events of a machine, from its beginning
 * @param from how many events have happened before the first picture
 */
export function steps(trace: readonly Event[], from: number = 0): View {
  const scenes = scenesOf(trace, from), drawn = drawings(scenes.map(({ picture }) => picture));
  const film = scenes.map(({ operation, reasons, picture }, at): Step => ({
    ...{ operation, reasons, text: stepText(picture), svg: drawn[at]! },
    verdicts: picture.verdicts.map(({ word }) => word),
  }));
  const [empty] = drawings([look(emptyState())]);
  return display(film.map(stepLines).join("\n") || "nothing changed", drawn.at(-1) ?? empty!, film);
}

function stepLines({ operation, reasons, text }: Step): string {
  return [operation, ...reasons.map((reason) => `  ${reason}`), text].join("\n");
}

function scenesOf(trace: readonly Event[], from: number): Scene[] {
  const state = emptyState(), scenes: Scene[] = [];
  const start = trace.findLastIndex((_, at) => at < from && ends(trace, at));
  let shown = look(state), operation: string | undefined, reasons: string[] = [];
  for (const [at, event] of trace.entries()) {
    apply(state, event);
    if (event.type === "op") [operation, reasons] = [operationText(event), []];
    if (event.type === "note") reasons.push(reasonText(event.reason));
    if (at < start || !ends(trace, at)) continue;
    const now = look(state);
    const alike = pictureText(now) === pictureText(shown);
    if (at > start && operation !== undefined && !alike) {
      scenes.push({ operation, reasons, picture: changed(shown, now) });
    }
    shown = now;
  }
  return scenes;
}

/** Every word that is the verdict on a state of a trace, whenever an operation has ended; in the order of the words. */
export function verdictsIn(trace: readonly Event[]): VerdictWord[] {
  const state = emptyState(), found = new Set<VerdictWord>();
  for (const [at, event] of trace.entries()) {
    apply(state, event);
    if (!ends(trace, at)) continue;
    for (const { word } of verdicts(state)) found.add(word);
  }
  return VERDICTS.filter((word) => found.has(word));
}

/** Is this the last event of an operation? */
function ends(trace: readonly Event[], at: number): boolean {
  return trace[at + 1] === undefined || trace[at + 1]!.type === "op";
}
