// Which of the simulator's kernels answers for another, and what a probe says of itself.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eras, releases } from "sim";
import { lacking, levelOf, parseHeader } from "./header.ts";
import { builtAs, byVersion, matchRelease } from "./release.ts";

const test = suite("kernels");

test("matchRelease() finds the very release, whatever a builder has added to its name", () => {
  for (const release of releases) {
    assert.equal(matchRelease(release.release), { release });
    assert.equal(matchRelease(`${release.release}-generic`), { release });
  }
});

test("matchRelease() takes what is known of a number, and says that it was not looked at", () => {
  for (
    const [uname, era, number] of [
      ["5.4.20-generic", "mapcount", "5.4.20"],
      ["5.4.254", "read_gup_breaks_cow", "5.4.254"],
      ["5.15.0-91-generic", "page_count", "5.15.0"],
      ["6.1.0-23-amd64", "anon_exclusive", "6.1.0"],
      ["6.12.200+deb13", "ro_longterm", "6.12.200"],
    ] as const
  ) {
    const { release, why } = matchRelease(uname);
    assert.equal([release.release, release.era.name], [number, era], uname);
    assert.match(why!, `no scene was recorded on ${uname}`);
  }
});

test("matchRelease() assumes the era that mainline had where nothing is known, and says so", () => {
  for (
    const [uname, era, rest] of [
      ["2.4.37", "refcount_old", "5.4.38"],
      ["4.9.10", "mapcount", "5.4.38"],
      ["6.9.3-arch1", "ro_longterm", "6.12.107"],
      ["6.17.1", "large_folio", "6.18.44"],
      ["8.0.0", "large_folio", "7.2.13"],
    ] as const
  ) {
    const { release, why } = matchRelease(uname);
    assert.equal([release.release, release.era.name], [uname, era]);
    assert.match(why!, "nothing is known of ");
    assert.match(why!, `the era ${era} is assumed`);
    assert.match(why!, `with the rest as in ${rest}`);
    const { build } = releases.find((one) => one.release === rest)!;
    assert.equal(release.build, build, uname);
  }
});

test("builtAs() believes the probe about soft-dirty bits", () => {
  const [release] = releases;
  assert.is(builtAs(release!, new Map([["softdirty", "no"]])).build.softDirty, false);
  assert.is(builtAs(release!, new Map([["softdirty", "yes"]])).build.softDirty, true);
  assert.is(builtAs(release!, new Map()), release);
});

test("every era says in numbers which releases it had, so that a release finds its era", () => {
  for (const era of eras) {
    const last = era.releases.match(/\d[\d.]*$/)![0];
    assert.is(matchRelease(last).release.era.name, era.name, era.releases);
  }
});

test("byVersion() orders releases by their numbers", () => {
  const order = ["5.4.38", "5.4.59", "5.10.223", "6.1.176", "6.12.107", "7.2.13"];
  assert.equal(order.toReversed().sort(byVersion), order);
});

test("parseHeader() reads what the probe sees, what it lacks and why", () => {
  const header = parseHeader([
    "# release=6.8.0-45-generic arch=x86_64 frames=no faults=yes uring=no fuse=yes thp=never ksm=no",
    "# no uring: the sysctl kernel.io_uring_disabled is 2",
    "# no ksm: takes root: and more",
  ]);
  assert.is(header.release, "6.8.0-45-generic");
  assert.is(levelOf(header), "faults");
  assert.equal([...lacking(header)].sort(), ["frames", "ksm", "thp", "uring"]);
  assert.equal([...header.reasons], [
    ["uring", "the sysctl kernel.io_uring_disabled is 2"],
    ["ksm", "takes root: and more"],
  ]);
  assert.is(levelOf(parseHeader(["# release=1 frames=yes"])), "frames");
  assert.is(levelOf(parseHeader(["# release=1 frames=no faults=no"])), "bytes");
  assert.throws(() => parseHeader([]), /did not say which kernel/);
});

test.run();
