// Where every scene stands with every kernel that has a record, and what no longer holds. Pure: records and scenes in, answers
// out.

import { UNAVAILABLE } from "../../sim/mod.ts";
import { countPrograms } from "../random/every.ts";
import { look, machineAnswers } from "./compare.ts";
import { hashOf } from "../tool/files.ts";
import type { Entry, KernelRecord, Whole } from "./record.ts";
import { builtAs, byVersion, matchRelease } from "./release.ts";

/** A scene by its name. */
export interface Named {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Where a scene stands with a kernel. */
export interface Standing {
  readonly scene: string;
  readonly release: string;
  readonly state: Entry["verdict"] | "stale" | "never";
  /** Of what is stale or unavailable, why. */
  readonly why?: string;
}

/**
 * Every scene with every kernel, and every record of a scene that is gone.
 *
 * @param probe hash of the probe's source as it is
 */
export function standings(
  records: readonly KernelRecord[],
  scenes: readonly Named[],
  probe: string,
): Standing[] {
  return records.toSorted((a, b) => byVersion(a.release, b.release)).flatMap((record) => [
    ...scenes.map((scene) => standing(record, scene, probe)),
    ...record.entries.filter(({ name }) => !scenes.some((scene) => scene.name === name)).map((
      { name },
    ) => ({
      scene: name,
      release: record.release,
      state: "stale" as const,
      why: "there is no such scene any more",
    })),
  ]);
}

/** What a record says of every program of a length. */
export interface WholeStanding extends Whole {
  readonly release: string;
  /** What they are: `programs of 4 operations with KSM and reclaim`. */
  readonly what: string;
  /** Why it no longer holds, where it does not. */
  readonly stale?: string;
}

/** All programs that were replayed whole, kernel by kernel. */
export function wholeStandings(records: readonly KernelRecord[], probe: string): WholeStanding[] {
  return records.toSorted((a, b) => byVersion(a.release, b.release)).flatMap((record) =>
    record.every.map((whole) => {
      const stale = record.probe !== probe
        ? "the probe was changed"
        : countPrograms(whole) !== whole.programs
        ? `there are ${countPrograms(whole)} programs now`
        : undefined;
      const what = `programs of ${whole.operations} operations${
        whole.settings ? " with KSM and reclaim" : ""
      }`;
      return { ...whole, release: record.release, what, ...stale ? { stale } : {} };
    })
  );
}

function standing(record: KernelRecord, scene: Named, probe: string): Standing {
  const base = { scene: scene.name, release: record.release };
  const entry = record.entries.find(({ name }) => name === scene.name);
  if (!entry) return { ...base, state: "never" };
  const why = staleness(record, entry, scene, probe);
  if (why) return { ...base, state: "stale", why };
  return { ...base, state: entry.verdict, ...entry.why ? { why: entry.why } : {} };
}

/** Why an entry no longer holds; undefined while it does. */
function staleness(
  record: KernelRecord,
  entry: Entry,
  { lines }: Named,
  probe: string,
): string | undefined {
  if (entry.scene !== hashOf(lines)) return "the scene was changed";
  if (record.probe !== probe) return "the probe was changed";
  const settings = new Map(record.settings.map((pair) => pair.split("=", 2) as [string, string]));
  const answers = machineAnswers(lines, builtAs(matchRelease(record.against).release, settings));
  if (entry.verdict === "unavailable") {
    const ours = entry.why?.startsWith("simulator:");
    return ours && !answers.includes(UNAVAILABLE) ? "the simulator has it now" : undefined;
  }
  const same = hashOf(answers.map((answer) => look(answer, record.level)!)) === entry.answers;
  if (entry.verdict === "agrees" && !same) return "the simulator answers something else now";
  if (entry.verdict === "differs" && same) return "the simulator agrees now";
}
