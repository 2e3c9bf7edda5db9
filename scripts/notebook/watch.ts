// What each cell of a chapter has machines do, so that real kernels can be asked the same.

import { type Lab, races, type Scene, scenes, transcribe } from "../../sim/mod.ts";

/** What one machine of a cell went through, from its beginning to the end of the cell. */
export type Deeds =
  /** A scene that has a name already. */
  | { readonly scene: string }
  | { readonly lines: readonly string[] }
  /** An operation that a scene has no line for. */
  | { readonly lacks: string }
  /** What no kernel can be asked: a proposal, a driver of the cell's own. */
  | { readonly apart: string };

const names = new Map([...scenes, ...races].map(([name, { lines }]) => [lines.join("\n"), name]));

/** How the orders of a race, which no kernel can be asked for, begin to be told. */
export const raceText = (name: string): string => `race ${name}:`;

/** Notes what machines do, until somebody asks. */
export class Watch {
  /** The machines, with how many events each had when it was last asked, and why it stands apart. */
  readonly #labs = new Map<Lab, { seen: number; apart?: string }>();
  #ran: Deeds[] = [];

  /** A cell has made a machine. */
  made(lab: Lab, proposals: readonly string[]): void {
    const apart = proposals.length > 0 ? `${proposals.join(" and ")}, which was only proposed` : "";
    this.#labs.set(lab, { seen: lab.trace.length, ...apart && { apart } });
  }

  /** It has plugged in a device. */
  plugged(lab: Lab, device: string): void {
    const about = this.#labs.get(lab);
    if (about) about.apart ??= `the cell's own driver of ${device}`;
  }

  /** A cell has run a scene, of which the machine lacks no operation. */
  ran({ lines }: Pick<Scene, "lines">): void {
    const scene = names.get(lines.join("\n"));
    this.#ran.push(scene ? { scene } : { lines });
  }

  /** A cell has run a race, in one order or in all. */
  raced({ lines }: Pick<Scene, "lines">): void {
    const name = names.get(lines.join("\n")) ?? "of its own";
    this.#ran.push({ lacks: `${raceText(name)} no probe stops a kernel between two instructions` });
  }

  /** What was done since this was asked last, each thing once. */
  take(): Deeds[] {
    const done = this.#ran;
    this.#ran = [];
    for (const [lab, about] of this.#labs) {
      const { trace } = lab, at = about.seen;
      about.seen = trace.length;
      if (!trace.slice(at).some(({ type }) => type === "op")) continue;
      done.push(about.apart === undefined ? transcribe(trace) : { apart: about.apart });
    }
    return [...new Map(done.map((one) => [JSON.stringify(one), one])).values()];
  }
}

/** Of the one chapter that runs in this process. */
export const watch = new Watch();
