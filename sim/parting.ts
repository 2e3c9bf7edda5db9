// This module is browser compatible.
/**
 * Where two kernels part: one scene, run on both, up to the first event in which they do not do the same to memory.
 *
 * @module
 */

import type { Event } from "./event.ts";
import type { Release } from "./policy.ts";
import { isRace, readScene, runOperation, type Scene } from "./scene.ts";
import { Stage } from "./stage.ts";
import type { State } from "./state.ts";
import { framesSvg, stackedSvg } from "./view/svg.ts";
import { framesText } from "./view/text.ts";
import type { View } from "./view/view.ts";
import { sentence } from "./words.ts";

/** What one of two kernels did at the operation where they part. */
export interface Side {
  /** The kernel. */
  readonly release: string;
  /** What it said while it decided, a line each. */
  readonly reasons: readonly string[];
  /** What it answered. */
  readonly answer: string;
  /** The state after the operation. */
  readonly state: State;
}

/** Where two kernels part. */
export interface Parting {
  /** The operation, a line of the scene. */
  readonly line: string;
  /** The two, in the order in which they were named. */
  readonly sides: readonly [Side, Side];
}

/**
 * Runs a scene on two kernels side by side.
 *
 * Marks that only one of them keeps, such as PG_anon_exclusive or how much a pin counts, are no parting as long as both do
 * the same to page tables and contents.
 *
 * @returns undefined when they do the same from beginning to end
 * @throws RangeError for a scene with a race
 */
export function part(
  scene: Pick<Scene, "lines">,
  one: Release,
  other: Release,
): Parting | undefined {
  const stages = [new Stage(one), new Stage(other)] as const;
  for (const operation of readScene(scene.lines)) {
    if (isRace(operation)) throw new RangeError("part(): a race has many orders, explore() it");
    const from = stages.map(({ machine }) => machine.trace.length);
    const answers = stages.map((stage) => runOperation(stage, operation));
    const [left, right] = stages.map(({ machine }, i) => visible(machine.trace.slice(from[i]))) as [
      string[],
      string[],
    ];
    if (left.join("\n") === right.join("\n") && answers[0] === answers[1]) continue;
    const side = (i: 0 | 1): Side => ({
      release: [one, other][i]!.release,
      reasons: stages[i].machine.trace.slice(from[i]).flatMap((event) =>
        event.type === "note" ? [sentence(event)] : []
      ),
      answer: answers[i]!,
      state: stages[i].machine.state,
    });
    return { line: operation.text, sides: [side(0), side(1)] };
  }
}

/** What an operation did to page tables and contents, without the marks of one era. */
function visible(events: readonly Event[]): string[] {
  const hidden = ["op", "note", "exclusive", "has_pinned", "write_protect_seq"];
  return events.filter(({ type }) => !hidden.includes(type)).map((event) =>
    JSON.stringify(
      event,
      (key, value) => key === "exclusive" || key === "refs" ? undefined : value,
    )
  );
}

/** The parting as a picture: the operation, and for each kernel why it did what it did, and what memory is like then. */
export function parting(scene: Pick<Scene, "lines">, one: Release, other: Release): View {
  const found = part(scene, one, other);
  const names = `${one.release} and ${other.release}`;
  const sides = found?.sides ?? [];
  const indented = (text: string) => text.replaceAll(/^/gm, "  ");
  const text = found
    ? [
      `${names} part at: ${found.line}`,
      ...sides.map(({ release, answer, reasons, state }) =>
        [`${release}: ${answer}`, ...reasons.map(indented), indented(framesText(state))].join("\n")
      ),
    ].join("\n")
    : `${names} do the same`;
  const svg = stackedSvg(
    sides.map(({ release, answer, state }) => ({
      caption: `${release}: ${answer}`,
      svg: framesSvg(state),
    })),
    text,
  );
  return {
    toString: () => text,
    [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": svg }),
  };
}
