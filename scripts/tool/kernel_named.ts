// The kernel that a person names, by a release or by an era.

import { eras, type Release, releaseNamed, releases } from "../../sim/mod.ts";
import { didYouMean } from "./nearest.ts";
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
    const [said = "", remedy = ""] = error.message.split(": ");
    if (/^\d/.test(name)) throw new Problem(said, { remedy: remedy.replace(/^n/, "N") });
    throw new Problem(name ? `no kernel is known as ${name}` : "--kernel wants a name", {
      remedy: name ? didYouMean(name, kernelNames) : `There are ${kernelNames.join(", ")}`,
    });
  }
}
