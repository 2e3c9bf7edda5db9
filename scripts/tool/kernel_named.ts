// The kernel that a person names, by a release or by an era.

import { eras, type Release, releaseNamed, releases } from "../../sim/mod.ts";
import { noSuch } from "./nearest.ts";
import { Problem } from "./problem.ts";

/** Every name that `--kernel` takes at least: the recorded releases, and the eras. */
export const kernelNames: readonly string[] = [
  ...releases.map(({ release }) => release),
  ...eras.map(({ name }) => name),
];

/**
 * A kernel by its name.
 *
 * @throws Problem for a release of which nothing is known, with its neighbours; for anything else with the nearest name
 */
export function kernelNamed(name: string): Release {
  try {
    return releaseNamed(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (!/^\d/.test(name)) throw noSuch("kernel", name, kernelNames);
    const [said = "", remedy = ""] = error.message.split(": ");
    throw new Problem(said, { remedy: remedy.replace(/^n/, "N") });
  }
}

/** How a person is told of it: a release, with its era behind. */
export function kernelTitle({ release, era }: Release): string {
  return release === era.name ? release : `${release} (${era.name})`;
}
