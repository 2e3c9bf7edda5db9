// The search, on machines that are broken on purpose.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { KernelBug, releaseNamed, runScene } from "../../sim/mod.ts";
import { faultOf, kernelsOf, type Run, search } from "./check.ts";

const test = suite("search");
const kernel = releaseNamed("ro_longterm");

const find = (run: Run) => search({ count: 300, operations: 30, seed: 1, kernels: [kernel], run });

test("kernelsOf() has every era and every release, or those of one era", () => {
  const all = kernelsOf().map(({ release }) => release);
  assert.ok(all.includes("mapcount") && all.includes("5.4.38"));
  assert.equal(kernelsOf("mapcount").map(({ release }) => release), ["mapcount", "5.4.38"]);
});

test("search() makes a scene as short as it goes, and its path leads to it again", () => {
  const run: Run = (lines, kernel) => {
    const at = lines.findIndex((line) => line.includes(" fork "));
    if (at >= 0 && lines.slice(at).some((line) => line.endsWith(" dontneed"))) {
      throw new KernelBug("pfn 1 was freed twice");
    }
    return runScene(lines, kernel);
  };
  const found = find(run)!;
  assert.is(found.what, "KernelBug: pfn 1 was freed twice");
  assert.is(found.lines.length, 2);
  assert.match(found.lines[0]!, / fork /);
  assert.match(found.lines[1]!, / dontneed$/);
  const again = search({
    count: 300,
    operations: 30,
    seed: 1,
    path: found.path,
    kernels: [kernel],
    run,
  });
  assert.equal(again, found);
});

test("search() finds an answer that is missing, that is none, and one that is another the second time", () => {
  assert.match(find((lines) => lines.slice(1).map(() => "ok"))!.what, /0 answers to 1 lines/);
  assert.match(find((lines) => lines.map(() => "undefined"))!.what, `is answered "undefined"`);
  let count = 0;
  const counting: Run = (lines) => lines.map(() => `=${count++}`);
  assert.match(
    faultOf(["P0 r a0"], "everything", kernel, { twice: true, run: counting })!.what,
    `is answered "=0" and, again, "=1"`,
  );
});

test("search() finds a child that reads what its parent wrote after fork", () => {
  const run: Run = (lines, kernel) => {
    const said = new Map<string, string>();
    return runScene(lines, kernel).map((answer, at) => {
      const [, op = "", page = "", value = ""] = lines[at]!.split(" ");
      if (op === "w" && answer.startsWith("ok")) said.set(page, value);
      return op === "r" && answer.startsWith("=") && said.has(page)
        ? `=${said.get(page)} f0`
        : answer;
    });
  };
  const found = find(run)!;
  assert.match(found.what, /^"P\d r \w\d" is answered "=\d f0"; right is =\d/);
  assert.ok(found.lines.length <= 5, found.lines.join("\n"));
});

test("search() finds a device that reads an old page, where pins are promised to hold", () => {
  const stale: Run = (lines, kernel) =>
    runScene(lines, kernel).map((answer, at) =>
      lines[at]!.startsWith("* gr") && answer.startsWith("=") ? "=200" : answer
    );
  assert.match(find(stale)!.what, `is answered "=200"`);
  const old = releaseNamed("mapcount");
  const lines = ["P0 mmap a 1 priv", "P0 pin a0 1 0", "* gr 0 0"];
  assert.is(faultOf(lines, "pins", old, { run: stale }), undefined);
  assert.ok(faultOf(lines, "pins", kernel, { run: stale }));
});

test.run();
