// What each cell of a chapter has machines do, so that real kernels can be asked the same.

import {
  eras,
  type Lab,
  races,
  type Release,
  releases,
  type Scene,
  scenes,
  transcribe,
} from "../../sim/mod.ts";
import { machineAnswers } from "../kernel/compare.ts";

/** What a machine of the cell is answered, by the rules that it has there. */
export interface Came {
  /** The kernel, a release or an era; empty for rules that the cell made itself. */
  readonly by: string;
  /** To each line. */
  readonly answers: readonly string[];
}

/** What one machine of a cell went through, from its beginning to the end of the cell. */
export type Deeds =
  /** A scene that has a name already. */
  | { readonly scene: string; readonly came?: readonly Came[] }
  | { readonly lines: readonly string[]; readonly came?: readonly Came[] }
  /** An operation that a scene has no line for. */
  | { readonly lacks: string }
  /** What no kernel can be asked: a proposal, a driver of the cell's own. */
  | { readonly apart: string };

/** Operations, and the rules by which a machine is asked them. */
type Asked = Extract<Deeds, { scene: string } | { lines: readonly string[] }> & {
  readonly by: Release;
};

const names = new Map([...scenes, ...races].map(([name, { lines }]) => [lines.join("\n"), name]));

/** How the orders of a race, which no kernel can be asked for, begin to be told. */
export const raceText = (name: string): string => `race ${name}:`;

/** Notes what machines do, until somebody asks. */
export class Watch {
  /** The machines, with how many events each had when it was last asked, and why it stands apart. */
  readonly #labs = new Map<Lab, { seen: number; apart?: string }>();
  #ran: (Deeds | Asked)[] = [];

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
  ran({ lines }: Pick<Scene, "lines">, by: Release): void {
    const scene = names.get(lines.join("\n"));
    this.#ran.push(scene ? { scene, by } : { lines, by });
  }

  /** A cell has run a race, in one order or in all. */
  raced({ lines }: Pick<Scene, "lines">): void {
    const name = names.get(lines.join("\n")) ?? "of its own";
    this.#ran.push({ lacks: `${raceText(name)} no probe stops a kernel between two instructions` });
  }

  /** Every machine, and how many events it had when {@linkcode take} or {@linkcode pass} was last asked. */
  machines(): { lab: Lab; seen: number }[] {
    return [...this.#labs].map(([lab, { seen }]) => ({ lab, seen }));
  }

  /** A cell has ended, and nobody asks what it did. */
  pass(): void {
    for (const [lab, about] of this.#labs) about.seen = lab.trace.length;
    this.#ran = [];
  }

  /** The chapter has ended: another begins, on machines of its own. */
  forget(): void {
    this.#labs.clear();
    this.#ran = [];
  }

  /** What was done since this was asked last, each thing once. */
  take(): Deeds[] {
    const done = this.#ran;
    this.#ran = [];
    for (const [lab, about] of this.#labs) {
      const { trace } = lab, at = about.seen;
      about.seen = trace.length;
      if (!trace.slice(at).some(({ type }) => type === "op")) continue;
      const told = about.apart === undefined ? transcribe(trace) : { apart: about.apart };
      const { era, build } = lab;
      done.push("lines" in told ? { ...told, by: { release: nameOf(era), era, build } } : told);
    }
    return together(done);
  }
}

/** Each thing once, with what came of it by each kernel's rules. */
function together(done: readonly (Deeds | Asked)[]): Deeds[] {
  const found = new Map<string, { deed: Deeds; by: Map<string, Release> }>();
  for (const one of done) {
    const { by, ...deed } = { by: undefined, ...one };
    const key = JSON.stringify(deed), known = found.get(key) ?? { deed, by: new Map() };
    found.set(key, known);
    // Rules of the cell's own have no name in common.
    if (by) known.by.set(by.release || `own ${known.by.size}`, by);
  }
  return [...found.values()].map(({ deed, by }) => {
    const lines = "lines" in deed ? deed.lines : "scene" in deed ? linesOf(deed.scene) : [];
    const came = [...by.values()].map((kernel): Came => ({
      by: kernel.release,
      answers: machineAnswers(lines, kernel),
    }));
    return came.length > 0 ? { ...deed, came } : deed;
  });
}

/** The lines of a scene that has a name. */
export function linesOf(name: string): readonly string[] {
  return (scenes.get(name) ?? races.get(name))!.lines;
}

/** The kernel whose rules these are, if they are one's. */
function nameOf(era: Lab["era"]): string {
  const known = [...releases, ...eras.map((era) => ({ release: era.name, era }))];
  return known.find((one) => one.era === era)?.release ?? "";
}

/** Of the one chapter that runs in this process. */
export const watch = new Watch();
