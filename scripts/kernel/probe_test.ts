// The probe as a process: scenes in, answers out, and what is said when it does not keep to that.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fromFileUrl } from "@std/path";
import { releaseNamed, runScene } from "sim";
import { Probe } from "./probe.ts";

const test = suite("probe");
const root = new URL("../../", import.meta.url);
const at = (path: string) => fromFileUrl(new URL(path, root));

function start(...args: string[]): Promise<Probe> {
  return Probe.start("deno", [
    ...["run", "-q", "--no-check", "--no-prompt", "--config", at("deno.json"), "--no-lock"],
    ...[at("scripts/kernel/fake_probe.ts"), ...args],
  ]);
}

const scene = (n: number) => ({
  name: `scene ${n}`,
  lines: [
    "P0 mmap a 1 priv",
    `P0 w a0 ${n % 90}`,
    "P0 fork P1",
    "* snap a0 1",
    "P0 exit",
    "P1 exit",
    "* snap a0 1",
  ],
});

test("replay() answers each scene, line by line, however many are on their way", async () => {
  const probe = await start();
  assert.is(probe.header.release, "6.18.44-fake");
  assert.is(probe.header.reasons.get("swap"), "it is a fake");
  const release = releaseNamed("6.18.44");
  const [some, none, more] = await Promise.all([
    probe.replay(Array.from({ length: 300 }, (_, n) => scene(n))),
    probe.replay([]),
    probe.replay([scene(1)]),
  ]);
  assert.is(some.length, 300);
  for (const [n, answers] of some.entries()) {
    assert.equal(answers, runScene(scene(n).lines, release), String(n));
  }
  assert.equal([none, more], [[], [some[1]]]);
  assert.is(some[0]!.at(-1), "");
  await probe.close();
});

test("a probe that ends is told with the scene, the line and its last words", async () => {
  const probe = await start("--dies", "fork");
  const asked = [
    probe.replay([{ name: "fine", lines: ["P0 r a0"] }]),
    probe.replay([scene(1), scene(2)]),
  ];
  const [fine, broken] = await Promise.allSettled(asked);
  assert.equal(fine!.status, "fulfilled");
  assert.is(
    String((broken as PromiseRejectedResult).reason),
    `error: the probe ended in the scene "scene 1", at: P0 fork P1
  Its exit status was 3.
  fake: it died, as it was told`,
  );
  const [again] = await Promise.allSettled([probe.replay([scene(3)])]);
  assert.match(String((again as PromiseRejectedResult).reason), `ended in the scene "scene 3"`);
  await probe.close();
});

test("a probe that answers something else, or never says which kernel it runs on, is named", async () => {
  const cases: [string[], string][] = [
    [["--garbles"], "should have said: P0 mmap a 1 priv -> …"],
    [["--header", "hello"], "should have said: nothing"],
    [["--header", "# hello"], "did not say which kernel it runs on"],
  ];
  await Promise.all(cases.map(async ([args, said]) => {
    const [result] = await Promise.allSettled([
      start(...args).then(async (probe) => {
        await probe.replay([scene(1)]).finally(() => probe.close());
      }),
    ]);
    assert.match(String((result as PromiseRejectedResult).reason), said);
  }));
});

test("a probe that says nothing is stopped, and told with its path and what to do", async () => {
  const begun = Probe.start("sh", ["-c", "exec sleep 1000"], 50);
  const error = String(await begun.catch((error) => error));
  assert.match(
    error,
    /^sh: error: the probe was silent for 0.05 seconds, by the clock, and was stopped at once\n/,
  );
  assert.match(error, /Remove \.woven\/kernel, and it is built anew/);
});

test.run();
