// Which of the simulator's kernels answers for the one that runs: itself, what is known of its number, or the era that
// mainline had then, which is an assumption, because distributions backport, and is told as one.

import { type Era, eras, type Release, releaseNamed, releases } from "../../sim/mod.ts";

/** A kernel of the simulator, and why it is this one; no reason is needed where it is the very release. */
export interface Match {
  readonly release: Release;
  readonly why?: string;
}

/** Finds who answers for `uname`, a kernel as `uname -r` names it. */
export function matchRelease(uname: string): Match {
  const version = numbers(uname);
  const exact = releases.find(({ release }) => release === version.join("."));
  if (exact) return { release: exact };
  try {
    const release = releaseNamed(uname);
    const why = `no scene was recorded on ${uname}, ` +
      `and mainline's ${release.release} has the era ${release.era.name}; a distribution may have backported`;
    return { release, why };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return assumed(uname, version, error.message);
  }
}

/** The era that mainline had at a version of which nothing else is known. */
function assumed(uname: string, version: readonly number[], unknown: string): Match {
  const { name } = eras.find((one) => has(one, version)) ??
    (compare(version, last(eras[0]!), 2) < 0 ? eras[0]! : eras.at(-1)!);
  const known = nearest(releases.filter(({ era }) => era.name === name), version) ??
    nearest(releases, version)!;
  const era = known.era.name === name ? known.era : eras.find((one) => one.name === name)!;
  const reason = unknown.replace(/: name one.*/, "");
  return {
    release: { ...known, release: uname, era },
    why: `${reason}; the era ${name} is assumed, which mainline had ${era.releases}, ` +
      `with the rest as in ${known.release}`,
  };
}

/** The kernel as it was built, where the probe has looked: whether clearing soft-dirty bits write-protects. */
export function builtAs(release: Release, settings: ReadonlyMap<string, string>): Release {
  const softdirty = settings.get("softdirty");
  if (softdirty === undefined) return release;
  return { ...release, build: { ...release.build, softDirty: softdirty === "yes" } };
}

/** Of releases, the last that is not newer, or the first. */
function nearest(list: readonly Release[], version: readonly number[]): Release | undefined {
  return list.findLast(({ release }) => compare(numbers(release), version) <= 0) ?? list[0];
}

/** `6.2 to 6.14`, `5.8`, `up to 2.6.12`: is the version in it, by as many numbers as it gives? */
function has(era: Era, version: readonly number[]): boolean {
  const first = era.releases.startsWith("up to") ? [0] : bounds(era)[0]!;
  return compare(first, version, first.length) <= 0 &&
    compare(version, last(era), last(era).length) <= 0;
}

function bounds(era: Era): number[][] {
  return [...era.releases.matchAll(/\d+(?:\.\d+)+/g)].map(([text]) => numbers(text));
}

function last(era: Era): number[] {
  return bounds(era).at(-1) ?? [0];
}

function numbers(release: string): number[] {
  return (release.match(/^\d+(?:\.\d+)*/)?.[0] ?? "0").split(".").map(Number);
}

/** Orders versions by their first `depth` numbers; one that is not there is 0. */
function compare(a: readonly number[], b: readonly number[], depth = 4): number {
  for (let i = 0; i < depth; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Orders releases by their numbers, the oldest first. */
export function byVersion(a: string, b: string): number {
  return compare(numbers(a), numbers(b)) || (a < b ? -1 : a > b ? 1 : 0);
}
