// gup-fast: what it takes, what it leaves to the slow path, and what it gives back.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eras, releaseNamed, releases, replay, runScene, type Sight, UNAVAILABLE } from "../mod.ts";
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

/** What gup-fast sees of a page that one thread pins while another does something, by a schedule. */
function seen(
  kernel: string,
  before: string[],
  other: string,
  pin: string,
  schedule: string,
): Sight[] {
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
  return trace.slice(steps[0]!.from).flatMap((event) =>
    event.type === "saw" && event.sight.at.startsWith("gup_fast") ? event.sight : []
  );
}

test("what an entry does not allow is the slow path's", () => {
  const pin = "P0 pin a0 1 0 fast", read = "P0 pin a0 1 0 r fast";
  const at = "gup_fast_pte_range", refuses = { at, entry: "refuses" } as const;
  const same = { at, entry: "same", pfn: 1 } as const;
  const cases: [kernel: string, before: string[], pin: string, last: Sight][] = [
    ["mapcount", [], "P0 pin a1 1 0 fast", refuses],
    ["mapcount", ["P0 r a1"], "P0 pin a1 1 0 r fast", refuses],
    ["mapcount", ["P0 fork P1"], pin, refuses],
    ["mapcount", ["P0 fork P1"], read, same],
    ["mapcount", ["P0 mprot a0 2 none"], read, refuses],
    ["read_gup_breaks_cow", ["P0 fork P1"], read, refuses],
    ["page_count", ["P0 fork P1"], read, same],
    ["anon_exclusive", ["P0 fork P1"], read, { at, entry: "shared", pfn: 1 }],
  ];
  for (const [kernel, before, pin, last] of cases) {
    const sights = seen(kernel, before, "P0 r a1", pin, "");
    assert.equal(sights.at(-1), last, `${kernel} ${before} ${pin}`);
  }
});

test("what changes between the two looks is given back", () => {
  const at = "gup_fast_pte_range", pin = "P0 pin a0 1 0 fast";
  const unmapped = seen("mapcount", [], "P0 munmap a0 1", pin, "BBA");
  assert.equal(unmapped, [
    { at, entry: "allows", pfn: 1, writable: true },
    { at, entry: "changed", pfn: 1 },
  ]);
  const freed = seen("mapcount", [], "P0 munmap a0 1", pin, "BA");
  assert.equal(freed.at(-1), { at, entry: "freed", pfn: 1 });
  const forked = seen("page_count", [], "P0 fork P1", pin, "BBBBAAA");
  assert.equal(forked.at(-1), { at: "gup_fast", writeProtectSeq: "changed" });
});

test("gup-fast looks at the sequence of forks, whether it is odd and whether it is the same", () => {
  const first = (forks: string[], schedule: string) =>
    seen("page_count", [...forks, "P0 w a0 2"], "P0 fork P9", "P0 pin a0 1 0 fast", schedule)[0];
  for (const forks of [[], ["P0 fork P1"], ["P0 fork P1", "P0 fork P2"]]) {
    assert.equal(first(forks, ""), { at: "gup_fast", writeProtectSeq: "even" });
    assert.equal(first(forks, "AB"), { at: "gup_fast", writeProtectSeq: "odd" });
  }
});

test("before there was a fast path every reference takes the mmap_lock", () => {
  for (const { name, gupFast } of eras) {
    const sights = seen(name, [], "P0 r a1", "P0 vms a0 0", "");
    assert.is(sights.length > 0, gupFast, name);
  }
});

test.run();
