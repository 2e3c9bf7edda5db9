// The levels: what each leaves of an answer.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { atLevel, type Level, levels } from "../mod.ts";
import hazards from "../scenes/recorded/hazards.jsonl" with { type: "text" };

const test = suite("level");

test("atLevel() leaves out what an observer without root, or without counters, does not see", () => {
  const cases: [frames: string, faults: string, bytes: string][] = [
    ["ok f1 new", "ok f1", "ok"],
    ["ok f0 same", "ok f0", "ok"],
    ["ok copy", "ok", "ok"],
    ["=77 f0", "=77 f0", "=77"],
    ["=1,2", "=1,2", "=1,2"],
    ["P0=Ax1,B.2,Z,-", "P0=?x,?.,?.,-", "ok"],
    ["P0=A.3t,S P1=A.3t,Ax1f P2=<27>x1,A.2kt", "P0=?.,S P1=?.,?x P2=?x,?.", "ok"],
    ["P0=?x,?.,S,-", "P0=?x,?.,S,-", "ok"],
    ["P0=S,Sx1,Z,Z.2t", "P0=S,?x,?.,?.", "ok"],
    ["", "", "ok"],
    ...["ok", "segv", "EFAULT", "noproc", "unavailable", "inflight", "empty"].map((
      same,
    ): [string, string, string] => [same, same, same]),
  ];
  for (const [frames, faults, bytes] of cases) {
    assert.equal([atLevel(frames, "frames"), atLevel(frames, "faults"), atLevel(frames, "bytes")], [
      frames,
      faults,
      bytes,
    ]);
  }
});

test("a lower level sees of a higher one what it sees of the whole, in every recorded answer", () => {
  const answers = new Set(
    String(hazards).trim().split("\n").flatMap((line) =>
      (JSON.parse(line).results as { result: string[] }[]).flatMap(({ result }) => result)
    ),
  );
  assert.ok(answers.size > 50);
  const below = (level: Level) => levels.slice(0, levels.indexOf(level) + 1);
  for (const answer of answers) {
    for (const high of levels) {
      for (const low of below(high)) {
        assert.is(atLevel(atLevel(answer, high), low), atLevel(answer, low), answer);
      }
    }
    assert.not.match(atLevel(answer, "faults"), /same|copy|new|[A-Z][x.]/);
    assert.not.match(atLevel(answer, "bytes"), / f\d|P\d/);
  }
});

test.run();
