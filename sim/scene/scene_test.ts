// The machine held against seven real kernels: every recorded scene that asks for no huge page, line for line.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  eras,
  parseScenes,
  printScenes,
  releaseNamed,
  releases,
  runScene,
  SceneError,
  UNAVAILABLE,
} from "../mod.ts";
import hazards from "../scenes/recorded/hazards.jsonl" with { type: "text" };
import random from "../scenes/recorded/random.jsonl" with { type: "text" };
import rules from "../scenes/recorded/rules.jsonl" with { type: "text" };

interface Recorded {
  id: string;
  trace: string[];
  results: { kernels: string[]; result: string[] }[];
}

const recorded: Recorded[] = `${hazards}${random}${rules}`.trim().split("\n").map((line) =>
  JSON.parse(line)
);

const test = suite("scene");

for (const release of releases) {
  test(`${release.release} answered every recorded scene as the machine does`, () => {
    let agree = 0, left = 0;
    for (const { id, trace, results } of recorded) {
      const kernel = results.find(({ kernels }) => kernels.includes(release.release))?.result;
      if (!kernel) continue;
      const machine = runScene(trace, release);
      if (machine.includes(UNAVAILABLE)) {
        left++;
        continue;
      }
      assert.equal(
        trace.map((line, at) => `${line} -> ${machine[at]}`),
        trace.map((line, at) => `${line} -> ${kernel[at]}`),
        id,
      );
      agree++;
    }
    // The rules were recorded on one kernel.
    const more = release.release === "6.18.44" ? 128 : 0;
    assert.equal({ agree, left }, { agree: 185 + more, left: 18 });
  });
}

test("an operation that the machine does not have is unavailable, and never guessed", () => {
  const lines = ["P0 mmap a 2 hugetlb", "P0 mmap b 1 priv", "P0 madv b0 1 hugepage"];
  assert.equal(runScene(lines, releases[3]!), [UNAVAILABLE, "ok", UNAVAILABLE]);
});

test("beyond the end of a file a load is sigbus, and a pin EFAULT", () => {
  for (const release of releases) {
    const lines = ["P0 mmap a 20 pfile", "P0 r a7", "P0 r a8", "P0 w a8 1", "P0 pin a8 1 0"];
    assert.equal(runScene(lines, release), ["ok", "=57 f1", "sigbus", "sigbus", "EFAULT"]);
  }
});

test("io_uring, which writes, refuses a file's pages on 5.4; a pin that only reads is another's", () => {
  const pin = (kernel: string, kind: string, how: string) =>
    runScene([`P0 mmap a 1 ${kind}`, "P0 r a0", `P0 pin a0 1 0 ${how}`], releaseNamed(kernel))[2];
  for (const kind of ["pfile", "shared"]) {
    for (const kernel of ["5.4.38", "5.4.59", "5.13"]) {
      assert.equal(["", "short", "r", "r fast"].map((how) => pin(kernel, kind, how)), [
        "EOPNOTSUPP",
        "EOPNOTSUPP",
        "ok",
        "ok",
      ]);
    }
    assert.is(pin("5.14", kind, ""), "ok");
  }
});

test("processes come and go by their slots", () => {
  const lines = [
    "P1 r a0",
    "P0 fork P1",
    "P0 fork P1",
    "P1 exit",
    "P1 exit",
    "* unpin 0",
    "* pr 0",
    "* dwend",
  ];
  assert.equal(
    runScene(lines, releases[0]!),
    ["noproc", "ok", "exists", "ok", "noproc", "ENXIO", "empty", "none"],
  );
});

test("a line that is no operation is named", () => {
  for (
    const [line, said] of [
      ["P0 jump a0", 'no operation "jump"'],
      ["* gr x 0", '"x" is no buffer: 0 to 3'],
      ["P0 w a 5", '"a" is no page, such as a0'],
      ["P0 fork child", '"child" is no process, such as P1'],
      ["Q0 r a0", "a line begins with a process or with *"],
      ["P0 mprot a0 1 x", '"x" is no protection: r, rw or none'],
      ["P0 pin a0 1 0 fats", '"fats" is no way to pin: r, short or fast'],
      ["P0 pin a0 1 0 r r", '"r" is said twice'],
      ["P0 pin a0 1 4", '"4" is no buffer: 0 to 3'],
      ["P0 vms a0 9", '"9" is no pipe: 0 to 3'],
      ["P0 fork P1 P2 P3", '"P2" is one word too many'],
      ["P0 w a0 5 junk", '"junk" is one word too many'],
      ["P0 exit now", '"now" is one word too many'],
      ["P0 w a0 300", '"300" is no byte: 0 to 255'],
      ["P0 w a0 -1", '"-1" is no byte: 0 to 255'],
      ["P0 w a65536 1", '"a65536" is no page: a region has 65536'],
      ["P0 w a99999999999999999999 1", '"a99999999999999999999" is no page: a region has 65536'],
      ["P0 mmap a 300000", '"300000" is no number of pages: 0 to 65536'],
      ["P0 mmap a9 65530 priv", "65530 pages from a9 on reach beyond its region, of 65536"],
      ["P0 mremap a0 9 b65530", "9 pages from b65530 on reach beyond its region, of 65536"],
      ["P0 mlock a0 100000000", '"100000000" is no number of pages: 0 to 65536'],
      ["* gw 0 65536 1", '"65536" is no page of a buffer: 0 to 65535'],
    ] as const
  ) {
    assert.throws(
      () => runScene(["P0 mmap a 1 priv", line], releases[0]!),
      (error: unknown) => error instanceof SceneError && error.at === 1 && error.message === said,
      line,
    );
  }
});

test("a buffer of no page is refused, and a transfer of none is over at once", () => {
  const lines = [
    "P0 mmap a 1 priv",
    "P0 pin a0 0 0",
    "* gr 0 0",
    "P0 dw a0 0 fuse",
    "P0 dr a0 0 loop",
  ];
  for (const release of releases) {
    assert.equal(runScene([...lines, "* dwend"], release), [
      "ok",
      "EFAULT",
      "EFAULT",
      "ok",
      "ok",
      "none",
    ]);
  }
});

test("parseScenes() cuts a file at its names, and knows where each line stood", () => {
  assert.equal(parseScenes("P0 r a0\n\n=== two\n# why\nP0 r b0\n  P0 r b1\n=== none"), [
    { name: "", lines: ["P0 r a0"], places: [1] },
    { name: "two", lines: ["P0 r b0", "P0 r b1"], places: [5, 6] },
    { name: "none", lines: [], places: [] },
  ]);
});

test("releaseNamed() takes a release, what uname prints, or an era", () => {
  for (const era of eras) assert.equal(releaseNamed(era.name).era, era);
  for (const release of releases) assert.is(releaseNamed(release.release), release);
  const named: [string, string][] = [
    ["2.6.12", "refcount_old"],
    ["2.6.13", "mapcount"],
    ["4.4.288", "mapcount"],
    ["4.4.289-generic", "read_gup_breaks_cow"],
    ["5.4.291", "read_gup_breaks_cow"],
    ["5.8.0-23", "read_gup_breaks_cow"],
    ["5.15.223", "page_count"],
    ["6.0.9", "anon_exclusive"],
    ["6.8", "ro_longterm"],
    ["7.2.99", "large_folio"],
  ];
  for (const [release, era] of named) assert.is(releaseNamed(release).era.name, era, release);
});

test("parseScenes() reads what a scene loses by, keeps and hides, and printScenes() writes it", () => {
  const text = [
    "=== one",
    "# loses: * gr 0 0 -> =1",
    "# keeps: * gr 0 0 -> =2",
    "# hides: P1 r a0 -> =2",
    "# hides: P1 r a1 -> =2",
    "P0 mmap a 1 priv",
    "",
  ].join("\n");
  const [scene] = parseScenes(text.replace("P0", "# keeps nothing\n  P0"));
  assert.equal(scene, {
    name: "one",
    lines: ["P0 mmap a 1 priv"],
    places: [7],
    loses: [{ line: "* gr 0 0", answer: "=1" }],
    keeps: [{ line: "* gr 0 0", answer: "=2" }],
    hides: [{ line: "P1 r a0", answer: "=2" }, { line: "P1 r a1", answer: "=2" }],
  });
  assert.is(printScenes([scene!]), text);
});

test("releaseNamed() has the switches of a long-term kernel", () => {
  const seq = (name: string) => releaseNamed(name).era.writeProtectSeq;
  assert.equal(["5.10.3", "5.10.4", "5.11.22"].map(seq), [false, true, true]);
  const skips = (name: string) => releaseNamed(name).era.reclaimSkips;
  assert.equal(["5.10.8", "5.10.9"].map(skips), ["nothing", "pinned"]);
});

test("releaseNamed() names the neighbours of what it does not know", () => {
  for (
    const [name, said] of [
      ["6.15.3", /of 6.15.3, between 6.14 \(ro_longterm\) and 6.18 \(large_folio\)/],
      ["4.9.200", /between 4.9.0 \(mapcount\) and 4.10 \(mapcount\)/],
      ["6.10", /between 6.8 \(ro_longterm\) and 6.12 \(ro_longterm\)/],
      ["8.0", /later than 7.2 \(large_folio\)/],
      ["2.4.20", /older than 2.6.7 \(refcount_old\)/],
      ["next", /no kernel is known as next: there are 5.4.38/],
    ] as const
  ) assert.throws(() => releaseNamed(name), said);
});

test.run();
