// What must be true of every scene, on 600 random ones that are the same each time; `deno task properties` tries as many
// others as there is time for.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseScenes, releaseNamed } from "../sim/mod.ts";
import { properties, report } from "./properties.ts";
import { kernelsOf, search } from "./properties/check.ts";
import { refusal } from "./tool/refusal.ts";

const test = suite("properties");

test("600 scenes of 30 operations on every kernel: no invariant breaks, memory holds what it must", () => {
  const found = search({ count: 600, operations: 30, seed: 20, kernels: kernelsOf() });
  assert.is(found && report(found, "--seed 20 --operations 30").join("\n"), undefined);
});

test("report() ends with the scene, ready for a file, and says how to find it again", () => {
  const lines = ["P0 mmap a 1 priv", "P0 w a0 1"];
  const kernel = releaseNamed("5.4.38"), what = "KernelBug: pfn 1";
  const told = report({ kernel, what, lines, path: "7:1" }, "--seed 3");
  assert.equal(told.slice(0, 4), [
    "error: a scene goes wrong in mapcount, as in 5.4.38",
    "  KernelBug: pfn 1",
    "  again: deno task properties --seed 3 --path 7:1",
    "  the scene: deno task scene FILE --kernel 5.4.38",
  ]);
  const scene = parseScenes(told.slice(4).join("\n"));
  assert.equal(scene.map(({ lines }) => lines), [lines]);
});

async function task(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "--no-check", "scripts/properties.ts", ...args],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

test("the task says its seed and what it has looked at, for one era or for all", async () => {
  const [all, one] = await Promise.all([
    task("--count", "20", "--seed", "5", "--operations", "12"),
    task("--count", "3", "--era", "page_count"),
  ]);
  assert.is(
    all.stdout,
    "seed 5\n20 scenes of 12 operations in 7 eras, no invariant broken\n",
  );
  assert.match(one.stdout, /^seed \d+\n3 scenes of 30 operations in 1 era, no invariant broken\n$/);
  assert.equal([all.code, one.code], [0, 0]);
});

test("what is wrong with the call is answered with what would be right", async () => {
  const { code, stdout, stderr } = await task("--era", "map");
  assert.equal([code, stdout], [1, ""]);
  assert.match(stderr, "Did you mean mapcount?");
  const cases: [args: string[], said: string][] = [
    [["--seeed", "3"], "Did you mean --seed?"],
    [["--count", "many"], '--count wants a whole number, and not "many"\n  At least 1, below 2^32'],
    [["--path", "0:1"], "--path is worth nothing without --seed"],
    [["--path", "x"], "--path takes numbers with colons between"],
  ];
  for (const [args, said] of cases) assert.match(await refusal(properties, args), said);
});

test.run();
