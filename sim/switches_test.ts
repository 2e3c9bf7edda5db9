// What two releases of one era answer differently, and what each switch of `releases` is for: the same scene, before it
// and after it. No kernel on this side of 5.4 could be asked; what the lines say follows from the sources that era.ts and
// releases.ts name.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { releaseNamed, runScene } from "./mod.ts";

const test = suite("switches");

/**
 * A scene and its answers, release by release: a line is `P0 w a0 2 -> 5.18 ok f1 copy | 5.19 ok f1 same`, or has one answer for
 * all of them, which is `ok` when it has no arrow.
 */
function switched(what: string, releases: readonly string[], text: string): void {
  const lines = text.trim().split("\n").map((line) => line.trim().split(" -> "));
  for (const release of releases) {
    test(`${what}: ${release}`, () => {
      const expected = lines.map(([line, answers = "ok"]) => {
        const own = answers.split(" | ").map((one) => one.split(" "))
          .find(([name]) => name === release);
        return `${line} -> ${own ? own.slice(1).join(" ") : answers}`;
      });
      const answers = runScene(lines.map(([line]) => line!), releaseNamed(release));
      assert.equal(lines.map(([line], at) => `${line} -> ${answers[at]}`), expected);
    });
  }
}

switched(
  "who asks to read breaks the sharing first",
  ["5.4.46", "5.4.47"],
  `
  P0 mmap a 1 priv
  P0 w a0 1 -> ok f1 new
  P0 fork P1
  P1 vms a0 0
  P1 munmap a0 1
  P0 w a0 2 -> ok f1 same
  * pr 0 -> 5.4.46 =2 | 5.4.47 =1
`,
);

for (const releases of [["5.6.18", "5.6.19"], ["5.7.2", "5.7.3"]] as const) {
  const [before, after] = releases;
  switched(
    "and so it was taken over",
    releases,
    `
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 fork P1
    P1 vms a0 0
    P1 munmap a0 1
    P0 w a0 2 -> ok f1 same
    * pr 0 -> ${before} =2 | ${after} =1
  `,
  );
}

switched(
  "mprotect makes the entry of an exclusive page writable at once",
  ["5.19", "6.0"],
  `
  P0 mmap a 1 priv
  P0 w a0 1 -> ok f1 new
  P0 mprot a0 1 r
  P0 mprot a0 1 rw
  P0 w a0 2 -> 5.19 ok f1 same | 6.0 ok f0 same
`,
);

test.run();
