// The records: printed and parsed, written whole or not at all, and what they say of a scene.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { releaseNamed, runScene } from "sim";
import { hashOf } from "../tool/files.ts";
import { type Problem } from "../tool/problem.ts";
import { parseHeader } from "./header.ts";
import { type Entry, type KernelRecord, parseRecord, printRecord, type Whole } from "./record.ts";
import { replayScenes } from "./replay.ts";
import { seenOn } from "./seen.ts";
import { standings, wholeStandings } from "./standing.ts";
import { readRecords, recordOf, writeRecord, writeWhole } from "./store.ts";

const test = suite("records");

const scene = {
  name: "the pipe, P0 first",
  lines: ["P0 mmap a 1 priv", "P0 w a0 1", "* snap a0 1"],
  places: [],
};
const probe = hashOf("a probe");
const entry: Entry = {
  name: scene.name,
  scene: hashOf(scene.lines),
  verdict: "agrees",
  answers: hashOf(["ok", "ok f1 new", "P0=Ax1"]),
};
const record: KernelRecord = {
  release: "6.18.44",
  kernel: "6.18.44-fc x86_64",
  against: "6.18.44",
  date: "2026-07-30",
  level: "frames",
  probe,
  settings: ["fuse=yes", "thp=madvise"],
  every: [
    { operations: 2, settings: false, programs: 103, undecided: 0, date: "2026-07-30" },
    { operations: 1, settings: true, programs: 12, undecided: 0, date: "2026-07-30" },
  ],
  entries: [
    entry,
    {
      ...entry,
      name: "a swapped page (zram)",
      verdict: "unavailable",
      answers: "-",
      why: "kernel: madv pageout, no (root) swap",
    },
    {
      ...entry,
      name: "x",
      verdict: "differs",
      why: "P0 r a0: kernel =5 f0, simulator broken: a (rule)",
    },
  ],
};

test("printRecord() and parseRecord() are each other's inverse", () => {
  for (const one of [record, { ...record, settings: [], every: [], entries: [] }]) {
    const text = printRecord(one);
    assert.equal(parseRecord(text, "x.txt"), one);
    assert.is(printRecord(parseRecord(text, "x.txt")), text);
  }
  const lines = printRecord(record).split("\n");
  assert.is(
    lines.find((line) => line.includes("pipe")),
    `agrees      ${entry.scene} ${entry.answers} ${scene.name}`,
  );
});

test("a broken record is named at its line", () => {
  const text = printRecord(record);
  const at = (line: string) => text.split("\n").findIndex((one) => one.startsWith(line)) + 1;
  const cases: [text: string, said: string][] = [
    [
      text.replace("agrees  ", "agreed  "),
      `r.txt:${at("agrees")}: error: this is no line of a record: agreed`,
    ],
    [text.replace("level: frames", "level: deep"), "deep is no level"],
    [text.replace(/^level:.*\n/m, ""), "the record does not say its level"],
    [
      text.replace(/^date: /m, "date: 1\ndate: "),
      `r.txt:${at("date") + 1}: error: date is given twice`,
    ],
    [text.slice(0, -5), "ends in the middle of a line"],
    [
      text.replace(entry.scene, "12345"),
      `r.txt:${at("agrees")}: error: this is no line of a record`,
    ],
    [
      `${text}${text.split("\n")[at("agrees") - 1]}\n`,
      `the scene "${scene.name}" is recorded twice`,
    ],
    ["", "the record ends in the middle of a line"],
  ];
  for (const [broken, said] of cases) {
    assert.throws(
      () => parseRecord(broken, "r.txt"),
      (error: Problem) => String(error).includes(said) && String(error).startsWith("r.txt:"),
      said,
    );
  }
});

test("recordOf() keeps what a run came to; evidence finds it fresh", async () => {
  const release = releaseNamed("6.18.44");
  const scenes = [scene, { ...scene, name: "gone", lines: ["P0 mmap a 1 hugetlb"] }];
  const kernel = {
    replay: (asked: readonly { lines: readonly string[] }[]) =>
      Promise.resolve(asked.map(({ lines }) => runScene(lines, release))),
  };
  const header = parseHeader(["# release=6.18.44-fc arch=x86_64 frames=yes fuse=yes thp=never"]);
  const outcomes = await replayScenes(kernel, scenes, { release, level: "frames" });
  const made = recordOf(
    outcomes,
    header,
    { release },
    { release, level: "frames" },
    probe,
    "2026-07-30",
  );
  assert.equal(made.entries[0], entry);
  assert.equal([made.release, made.kernel, made.settings], ["6.18.44", "6.18.44-fc x86_64", [
    "fuse=yes",
    "thp=never",
  ]]);
  assert.match(made.entries[1]!.why!, "simulator: mmap hugetlb");
  assert.equal(standings([made], scenes, probe).map(({ state }) => state), [
    "agrees",
    "unavailable",
  ]);
  assert.is(
    recordOf(outcomes, header, { release, why: "assumed" }, { release, level: "frames" }, probe, "")
      .release,
    "6.18.44-fc",
  );
});

test("seenOn() lists the kernels that agree, the oldest first", () => {
  const records = ["6.18.44", "5.10.223", "6.1.176"].map((release) => ({ ...record, release }));
  records[2]!.entries = [{ ...entry, verdict: "differs" }];
  assert.equal(seenOn(records, scene.name), ["5.10.223", "6.18.44"]);
  assert.equal(seenOn(records, "x"), []);
});

test("standings() names what was changed since: scene, probe, simulator, and what is gone", () => {
  const state = (change: Partial<KernelRecord>, lines = scene.lines, hash = probe) => {
    const all = standings([{ ...record, entries: [entry], ...change }], [{
      name: scene.name,
      lines,
    }], hash);
    return all.map(({ state, why }) => why ? `${state}: ${why}` : state).join("; ");
  };
  assert.is(state({}), "agrees");
  assert.is(state({ entries: [] }), "never");
  assert.is(state({}, [...scene.lines, "P0 r a0"]), "stale: the scene was changed");
  assert.is(state({}, scene.lines, hashOf("another")), "stale: the probe was changed");
  const other = { ...entry, answers: hashOf(["ok", "ok f1 copy", "P0=Ax1"]) };
  assert.is(state({ entries: [other] }), "stale: the simulator answers something else now");
  assert.is(state({ entries: [{ ...other, verdict: "differs", why: "so" }] }), "differs: so");
  assert.is(
    state({ entries: [{ ...entry, verdict: "differs" }] }),
    "stale: the simulator agrees now",
  );
  const lacked: Entry = { ...entry, verdict: "unavailable", answers: "-", why: "simulator: w" };
  assert.is(state({ entries: [lacked] }), "stale: the simulator has it now");
  assert.is(state({ entries: [{ ...lacked, why: "kernel: w" }] }), "unavailable: kernel: w");
  assert.is(
    state({ entries: [entry, { ...entry, name: "old" }] }),
    "agrees; stale: there is no such scene any more",
  );
});

test("writeRecord() writes whole records, and keeps the one that saw more or says the same", async () => {
  const dir = await Deno.makeTempDir({ prefix: "the records " });
  const path = `${dir}/6.18.44.txt`;
  assert.equal(await writeRecord(record, dir), { path });
  assert.equal(await readRecords(dir), [record]);
  const later = { ...record, date: "2026-08-01" };
  assert.match((await writeRecord(later, dir)).kept!, "it says the same since 2026-07-30");
  assert.match((await writeRecord({ ...later, level: "faults" }, dir)).kept!, "it saw frames");
  const fewer = {
    ...later,
    entries: record.entries.map((one) => ({ ...record.entries[1]!, name: one.name })),
  };
  assert.is((await writeRecord(fewer, dir)).kept, "it has an answer to 2 scenes more");
  const changed = { ...later, probe: hashOf("a new probe"), level: "faults" } as const;
  assert.equal(await writeRecord(changed, dir), { path });
  assert.equal(await readRecords(dir), [changed]);
  assert.equal((await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name), ["6.18.44.txt"]);
  await Deno.rename(path, `${dir}/6.18.45.txt`);
  try {
    await readRecords(dir);
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), "this is the record of 6.18.44");
  }
  assert.equal(await readRecords(`${dir}/none`), []);
  await Deno.remove(dir, { recursive: true });
});

test("writeWhole() keeps the longest programs of which all agree, and takes back what no longer does", async () => {
  const dir = await Deno.makeTempDir({ prefix: "the records " });
  const [two, one] = record.every as [Whole, Whole];
  const three = { ...two, operations: 3, programs: 1228 };
  const write = (whole: Whole, differs = 0, change: Partial<KernelRecord> = {}) =>
    writeWhole({ ...record, ...change }, { ...whole, differs }, dir);
  const every = async () => (await readRecords(dir))[0]!.every;
  assert.match((await write(two)).kept!, "it is not there: replay the named scenes first");
  await writeRecord({ ...record, every: [] }, dir);
  assert.equal(await every(), []);
  await write(one);
  await write(two);
  assert.equal(await every(), [two, one]);
  assert.is((await write(three)).kept, undefined);
  assert.is((await write(two)).kept, "it says so of 3 operations");
  assert.match((await write(three, 0, { probe: hashOf("new") })).kept!, "the probe was changed");
  assert.match((await write(three, 0, { level: "faults" })).kept!, "it saw frames");
  assert.equal(await every(), [three, one]);
  await writeRecord({ ...record, date: "2026-08-02", settings: [], every: [] }, dir);
  assert.equal(await every(), [three, one], "the named scenes say nothing of it");
  await write(two, 4);
  assert.equal(await every(), [one]);
  assert.match((await write(two, 4)).kept!, "it does not say that all agree");
  await Deno.remove(dir, { recursive: true });
});

test("wholeStandings() is stale when the probe or the programs are others", () => {
  const stale = (hash: string, every = record.every) =>
    wholeStandings([{ ...record, every }], hash).map(({ stale }) => stale);
  assert.equal(stale(probe), [undefined, undefined]);
  assert.equal(stale(hashOf("new")), Array(2).fill("the probe was changed"));
  assert.equal(stale(probe, [{ ...record.every[0]!, programs: 7 }]), [
    "there are 103 programs now",
  ]);
  assert.equal(wholeStandings([record], probe).map(({ what }) => what), [
    "programs of 2 operations",
    "programs of 1 operations with KSM and reclaim",
  ]);
});

test.run();
