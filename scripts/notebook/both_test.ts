// The terminal runs a chapter as a module in Deno, a page runs it as a classic script in a worker. Here is one run beside
// the other: what a reader sees must be the same, byte for byte, drawings included.

import { createContext, runInContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { linkClassic } from "../site/link.ts";
import { loadChapters } from "./files.ts";
import { type CellResult, collect, type Report } from "./harness.ts";
import { runChapters } from "./run.ts";
import { toClassic, weave } from "./weave.ts";

/** What the script exposes: the harness and the simulator, linked; the values belong to another realm. */
const script = await linkClassic({
  modules: { sim: "sim/mod.ts", harness: "scripts/notebook/harness.ts" },
  expose: "modules",
});

const driver = `(async (body, name, post) => {
  const { eraNamed } = modules("sim");
  const chapter = modules("harness").openChapter({
    kernel: eraNamed(name),
    post: (report) => post(JSON.stringify(report)),
  });
  await chapter.run(() => body(modules, chapter.enter));
})`;

/** Runs a chapter in a context that has nothing but the language. */
async function runClassic(woven: string, kernel: string): Promise<CellResult[]> {
  const context = createContext({ TextEncoder, TextDecoder }); // not of the language, but wherever it runs
  runInContext(script, context);
  const reports: Report[] = [];
  const body = runInContext(toClassic(woven), context);
  await runInContext(driver, context)(
    body,
    kernel,
    (text: string) => reports.push(JSON.parse(text)),
  );
  return collect(reports);
}

const chapters = await loadChapters();
const runs = await runChapters(chapters);

test("there are chapters to compare", () => {
  assert.ok(chapters.length > 0);
});

for (const chapter of chapters) {
  test(`every cell of ${chapter.path} comes to the same in Deno and as a classic script`, async () => {
    const { cells, problem } = runs.get(chapter.slug)!;
    assert.is(problem, undefined, String(problem));
    const classic = await runClassic(weave(chapter, "here"), chapter.front.kernel);
    assert.is(classic.length, cells.length, JSON.stringify(classic.at(-1)?.error));
    for (const [at, { items, counts }] of cells.entries()) {
      assert.is(classic[at]!.error, undefined, JSON.stringify(classic[at]!.error));
      assert.is(JSON.stringify(classic[at]!.items), JSON.stringify(items), `cell ${at + 1}`);
      assert.equal(classic[at]!.counts, counts, `cell ${at + 1}`);
    }
  });
}

test.run();
