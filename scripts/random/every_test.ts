// Every short program: how many there are, that none is there twice, that each makes sense, and that parts are parts.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { releaseNamed, runScene } from "sim";
import { readOperation } from "../kernel/operation.ts";
import { countPrograms, programs } from "./every.ts";

const test = suite("every program");
const release = releaseNamed("6.18.44");
const all = (operations: number, settings = false) => [...programs({ operations, settings })];
const three = [...all(3), ...all(3, true)];

test("countPrograms() says how many programs() gives", () => {
  const counts = [1, 2, 3].map((operations) => all(operations).length);
  assert.equal(counts, [10, 103, 1228]);
  const withSettings = [1, 2, 3].map((operations) => all(operations, true).length);
  assert.equal(withSettings, [12, 148, 2085]);
  for (const settings of [false, true]) {
    const counted = [1, 2, 3].map((operations) => countPrograms({ operations, settings }));
    assert.equal(counted, settings ? withSettings : counts);
  }
});

test("a program of one operation is one row of the table, between the beginning and everybody's look", () => {
  const middles = all(1).map((lines) => lines[2]);
  assert.equal(middles, [
    "P0 w a0 2",
    "P0 r a0",
    "P0 fork P1",
    "P0 munmap a0 1",
    "P0 mprot a0 1 r",
    "P0 madv a0 1 dontneed",
    "P0 madv a0 1 free",
    "P0 mw a0 2",
    "P0 vms a0 0",
    "P0 pin a0 1 0",
  ]);
  const pinned = all(2).find((lines) =>
    lines.includes("P0 pin a0 1 0") && lines.includes("P0 fork P1")
  );
  assert.equal(pinned, [
    "P0 mmap a 1 priv",
    "P0 w a0 1",
    "P0 fork P1",
    "P0 pin a0 1 0",
    "* gr 0 0",
    "* snap a0 3",
    "P0 r a0",
    "P1 r a0",
  ]);
});

test("programs that differ only in names are one: names come in order, and no two programs are the same", () => {
  const seen = new Set<string>();
  for (const lines of all(3)) {
    const text = lines.join("\n");
    assert.not(seen.has(text), text);
    seen.add(text);
    const values = lines.map(readOperation).filter(({ op }) => /^(?:m?w|gw)$/.test(op))
      .map(({ args }) => Number(args.at(-1)));
    assert.equal(values, values.toSorted((a, b) => a - b), text);
    assert.not(/ [ab][1-9]|P[23]|(?:vms|pin) .* [1-9]$/m.test(text), text);
    const born = lines.findIndex((line) => line.includes("fork P1"));
    const first = lines.findIndex((line) => line.startsWith("P1"));
    assert.ok(first < 0 || born >= 0 && born < first, text);
  }
});

test("every program makes sense: nothing is refused, and nothing is asked of what is gone", () => {
  for (const lines of three) {
    for (const [at, answer] of runScene(lines, release).entries()) {
      const refused = /^(?:segv|sigbus|E[A-Z]+|noproc|exists|empty|none|unavailable|timeout)$/;
      assert.not(refused.test(answer), `${lines.join("\n")}\n${lines[at]} -> ${answer}`);
    }
  }
});

test("where settings may be changed, KSM looks only where there is something to look at, and finds equal pages", () => {
  const merging = all(4, true).filter((lines) => lines.includes("* ksm"));
  assert.ok(merging.length > 500);
  const merged = merging.filter((lines) => {
    const answers = runScene(lines, release), looked = lines.findIndex((line) => /snap/.test(line));
    assert.not(answers.includes("timeout"), lines.join("\n"));
    return lines.includes("P1 w a0 1") && /P0=A\.2,-,- P1=A\.2/.test(answers[looked]!);
  });
  assert.ok(merged.length > 0);
});

test("the shards are the whole: each program is in one of them", () => {
  for (const  of of[1, 2, 3, 7]) {
    const parts = Array.from({ length: of }, (_, i) => [
      ...programs({ operations: 3, settings: false }, { nth: i + 1, of }),
    ]);
    assert.equal(
      parts.map((part) => part.length),
      parts.map((_, i) => Math.ceil((1228 - i) / of)),
    );
    const whole = parts.flat().map((lines) => lines.join("\n")).sort();
    assert.equal(whole, all(3).map((lines) => lines.join("\n")).sort());
  }
});

test.run();
