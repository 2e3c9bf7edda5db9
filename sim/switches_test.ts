// What each switch in `releases` is for: a scene, and what the last kernel before the switch and the first behind it answer.
// What 5.4.38, 5.4.59, 5.10 and later kernels answered is recorded; the rest follows from the sources that era.ts and
// releases.ts name.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { releaseNamed, runScene } from "./mod.ts";

/** In the first line the kernels; behind each arrow what they answer, or all of them; without one, `ok`. */
const SWITCHES: Record<string, string> = {
  "who asks to read breaks the sharing first": `
    5.4.46 | 5.4.47 | 5.5.19 | 5.6.18 | 5.6.19 | 5.7.2 | 5.7.3
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 fork P1
    P1 vms a0 0
    P1 munmap a0 1
    P0 w a0 2 -> ok f1 same
    * pr 0 -> =2 | =1 | =2 | =2 | =1 | =2 | =1
  `,
  "mprotect makes the entry of an exclusive page writable": `
    5.18 | 5.19 | 6.0
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 mprot a0 1 r
    P0 mprot a0 1 rw
    P0 w a0 2 -> ok f1 same | ok f1 same | ok f0 same
  `,
  "a load of what was never written maps the zero page": `
    2.6.23 | 2.6.24 | 2.6.26 | 2.6.31 | 2.6.32
    P0 mmap a 1 priv
    P0 r a0 -> =0 f1
    * snap a0 1 -> P0=Z | P0=Ax1 | P0=Ax1 | P0=Ax1 | P0=Z
    P0 w a0 1 -> ok f1 copy | ok f0 same | ok f0 same | ok f0 same | ok f1 copy
  `,
  "and whoever asks for it to read is handed the zero page": `
    2.6.23 | 2.6.25 | 2.6.26 | 2.6.31 | 2.6.32
    P0 mmap a 2 priv
    P0 vms a0 0
    * snap a0 1 -> P0=Z | P0=Ax1 | P0=- | P0=- | P0=Z
    P0 w a0 1 -> ok f1 copy | ok f0 same | ok f1 new | ok f1 new | ok f1 copy
    * pr 0 -> =0 | =1 | =0 | =0 | =0
    P0 mlock a1 1
    P0 vms a1 1
    P0 w a1 2 -> ok f0 same
    * pr 1 -> =2
    P0 w a0 3 -> ok f0 same
    P0 madv a0 1 pageout
    P0 vms a0 2
    P0 w a0 4 -> ok f1 same
    * pr 2 -> =4
  `,
  "fork leaves out what never had a page of its own": `
    2.6.12 | 2.6.13 | 2.6.14
    P0 mmap a 1 priv
    P0 mmap b 1 shared
    P0 mmap c 1 pfile
    P0 r a0 -> =0 f1
    P0 w b0 1 -> ok f1 new
    P0 r c0 -> =50 f1
    P0 fork P1
    * snap a0 1 -> P0=Z P1=Z | P0=Z P1=Z | P0=Z P1=-
    * snap b0 1 -> P0=A.2f P1=A.2f | P0=A.2f P1=A.2f | P0=Ax1f P1=-
    P1 r a0 -> =0 f0 | =0 f0 | =0 f1
    P1 r b0 -> =1 f0 | =1 f0 | =1 f1
    P1 r c0 -> =50 f0 | =50 f0 | =50 f1
    P1 w c0 2 -> ok f1 copy
    P0 r c0 -> =50 f0
  `,
  "direct I/O of a disk takes pins": `
    6.4 | 6.5 | 6.8 | 6.12
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 dr a0 1 loop -> inflight
    P0 fork P1
    P0 w a0 2 -> ok f1 copy | ok f0 same | ok f0 same | ok f0 same
    * drend 4
    P0 r a0 -> =2 f0 | =4 f0 | =4 f0 | =4 f0
    P1 r a0 -> =4 f0 | =1 f0 | =1 f0 | =1 f0
  `,
  "direct I/O of FUSE takes pins": `
    6.4 | 6.5 | 6.8 | 6.12
    P0 mmap a 1 priv
    P0 w a0 1 -> ok f1 new
    P0 dr a0 1 fuse -> inflight
    P0 fork P1
    P0 w a0 2 -> ok f1 copy | ok f1 copy | ok f1 copy | ok f0 same
    * drend 4
    P0 r a0 -> =2 f0 | =2 f0 | =2 f0 | =4 f0
    P1 r a0 -> =4 f0 | =4 f0 | =4 f0 | =1 f0
  `,
};

const test = suite("switches");

for (const [what, text] of Object.entries(SWITCHES)) {
  const [head, ...lines] = text.trim().split("\n").map((line) => line.trim());
  for (const [i, release] of columns(head!).entries()) {
    test(`${what}: ${release}`, () => {
      const asked = lines.map((line) => line.split(" -> ") as [line: string, answers?: string]);
      const answers = runScene(asked.map(([line]) => line), releaseNamed(release));
      assert.equal(
        asked.map(([line], at) => `${line} -> ${answers[at]}`),
        asked.map(([line, answers = "ok"]) => {
          const [first, ...more] = columns(answers);
          return `${line} -> ${more.length === 0 ? first : [first, ...more][i]}`;
        }),
      );
    });
  }
}

function columns(line: string): string[] {
  return line.split(" | ");
}

test.run();
