// gup-fast: what it takes, what it leaves to the slow path, and what it gives back.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eras, releaseNamed, releases, replay, runScene, sentence, UNAVAILABLE } from "../mod.ts";
import hazards from "../scenes/recorded/hazards.jsonl" with { type: "text" };
import random from "../scenes/recorded/random.jsonl" with { type: "text" };

const test = suite("gup_fast");

test("without anybody in between, a pin by gup-fast is answered as one by the slow path, by every kernel", () => {
  const recorded: { trace: string[] }[] = `${hazards}${random}`.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  let pins = 0;
  for (const { trace } of recorded) {
    const fast = trace.map((line) => line.replace(/^(P\d pin .*)$/, "$1 fast"));
    if (fast.join() === trace.join()) continue;
    pins++;
    for (const release of releases) {
      const answers = runScene(trace, release);
      if (!answers.includes(UNAVAILABLE)) assert.equal(runScene(fast, release), answers);
    }
  }
  assert.ok(pins > 50, `${pins}`);
});

/** What gup-fast says about a page that one thread pins while another does something, by a schedule. */
function said(kernel: string, before: string[], other: string, pin: string, schedule: string) {
  const lines = [
    "P0 mmap a 2 priv",
    "P0 w a0 1",
    ...before,
    "race",
    `A: ${other}`,
    `B: ${pin}`,
    "end",
  ];
  const { trace, steps } = replay({ lines }, releaseNamed(kernel), schedule);
  const notes = trace.slice(steps[0]!.from).filter((event) => event.type === "saw").map(sentence);
  return notes.flatMap((note) => note.match(/^gup_fast: (.*)$/)?.[1] ?? []);
}

test("what an entry does not allow is the slow path's", () => {
  const pin = "P0 pin a0 1 0 fast", read = "P0 pin a0 1 0 r fast";
  const cases: [kernel: string, before: string[], pin: string, last: string][] = [
    ["mapcount", [], "P0 pin a1 1 0 fast", "the entry does not allow it: no"],
    ["mapcount", ["P0 r a1"], "P0 pin a1 1 0 r fast", "the entry does not allow it: no"],
    ["mapcount", ["P0 fork P1"], pin, "the entry does not allow it: no"],
    ["mapcount", ["P0 fork P1"], read, "the entry has not changed"],
    ["mapcount", ["P0 mprot a0 2 none"], read, "the entry does not allow it: no"],
    ["read_gup_breaks_cow", ["P0 fork P1"], read, "the entry does not allow it: no"],
    ["page_count", ["P0 fork P1"], read, "the entry has not changed"],
    ["anon_exclusive", ["P0 fork P1"], read, "pfn 1 must be exclusive first: give it back"],
  ];
  for (const [kernel, before, pin, last] of cases) {
    const heard = said(kernel, before, "P0 r a1", pin, "");
    assert.is(heard.at(-1), last, `${kernel} ${before} ${pin}`);
  }
});

test("what changes between the two looks is given back", () => {
  const unmapped = said("mapcount", [], "P0 munmap a0 1", "P0 pin a0 1 0 fast", "BBA");
  assert.is(unmapped.at(-1), "the entry has changed: give it back");
  const freed = said("mapcount", [], "P0 munmap a0 1", "P0 pin a0 1 0 fast", "BA");
  assert.is(freed.at(-1), "pfn 1 was freed: no");
  const forked = said("page_count", [], "P0 fork P1", "P0 pin a0 1 0 fast", "BBBBAAA");
  assert.is(forked.at(-1), "write_protect_seq has changed, fork was at work: give all back");
});

test("gup-fast looks at the sequence of forks, whether it is odd and whether it is the same", () => {
  const heard = (forks: string[], schedule: string) =>
    said("page_count", [...forks, "P0 w a0 2"], "P0 fork P9", "P0 pin a0 1 0 fast", schedule);
  for (const forks of [[], ["P0 fork P1"], ["P0 fork P1", "P0 fork P2"]]) {
    assert.is(heard(forks, "")[0], "write_protect_seq is even");
    assert.is(heard(forks, "AB")[0], "write_protect_seq is odd, fork is at work: no");
  }
});

test("before there was a fast path every reference takes the mmap_lock", () => {
  for (const { name, gupFast } of eras) {
    const heard = said(name, [], "P0 r a1", "P0 vms a0 0", "");
    assert.is(heard.length > 0, gupFast, name);
  }
});

test.run();
