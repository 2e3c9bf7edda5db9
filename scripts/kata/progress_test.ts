// Progress is derived, survives what is wrong with its file, and never costs anybody a file.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { begin, bringAlong, reset } from "./attempt.ts";
import { findKata, loadKatas } from "./list.ts";
import {
  entryOf,
  isFresh,
  keyOf,
  parseProgress,
  readProgress,
  simHash,
  updateProgress,
} from "./progress.ts";
import { runKata } from "./run.ts";
import { exercise, toyProject } from "./toy.ts";
import { symlink } from "../tool/refusal.ts";

await toyProject();
const kata = findKata(await loadKatas(), "the-sum");
const notes: string[] = [];
const say = (note: string) => notes.push(note);

test("a kata that was not begun has no key, one that was begun has one", async () => {
  assert.is(await keyOf(kata, await simHash()), undefined);
  assert.ok(await begin(kata));
  assert.not(await begin(kata));
  assert.ok(await keyOf(kata, await simHash()));
});

test("a kata that moved to another chapter brings its attempts along, and stays solved", async () => {
  const katas = await loadKatas(), here = kata.dir, there = "kata/03-the-sum";
  const read = (path: string) => Deno.readTextFile(path).catch(() => undefined);
  const before = await read(`${here}/attempt.ts`);
  await Deno.mkdir(there);
  await Deno.rename(`${here}/attempt.ts`, `${there}/attempt.ts`);
  await Deno.writeTextFile(`${there}/attempt.7.ts`, "// an older one\n");
  await bringAlong(katas);
  assert.is(await read(`${here}/attempt.ts`), before);
  assert.is(await read(`${here}/attempt.7.ts`), "// an older one\n");
  await Deno.writeTextFile(`${there}/attempt.ts`, "// another\n");
  await bringAlong(katas);
  assert.is(await read(`${here}/attempt.ts`), before, "nothing is written over");
  await Deno.writeTextFile(`${there}/README.md`, "# Another kata of that name\n");
  await Deno.writeTextFile(`${there}/attempt.8.ts`, "// of that kata\n");
  await bringAlong(katas);
  assert.is(await read(`${here}/attempt.8.ts`), undefined);
  await Deno.remove(there, { recursive: true });
  await Deno.remove(`${here}/attempt.7.ts`);
});

test("a verdict is believed until attempt, suite or simulator change", async () => {
  const key = (await keyOf(kata, await simHash()))!;
  const verdict = await runKata(kata, "attempt.ts");
  await updateProgress(kata.slug, (entry) => entryOf(entry, key, verdict), say);
  const entry = (await readProgress(say)).get(kata.slug);
  assert.equal([entry?.state, entry?.passed, entry?.total], ["failed", 0, 3]);
  assert.ok(isFresh(entry, key));
  for (
    const path of [`${kata.dir}/attempt.ts`, `${kata.dir}/test.ts`, "kata/expect.ts", "sim/mod.ts"]
  ) {
    const before = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, `${before}\n`);
    assert.not(isFresh(entry, (await keyOf(kata, await simHash()))!), path);
    await Deno.writeTextFile(path, before);
  }
  await Deno.writeTextFile("sim/mod_test.ts", "// a test changes nothing\n");
  assert.ok(isFresh(entry, (await keyOf(kata, await simHash()))!));
});

test("the hints that were seen are kept beside the verdict", async () => {
  await updateProgress(kata.slug, (entry) => ({ ...entry, hints: 2 }), say);
  const entry = (await readProgress(say)).get(kata.slug);
  assert.equal([entry?.hints, entry?.state], [2, "failed"]);
});

test("a corrupt file is kept aside, never written over, and reported", async () => {
  const corrupt = [
    "{ not json",
    `{"version":7,"katas":{}}`,
    `{"version":1}`,
    `{"version":1,"katas":{"a":{"hints":"x"}}}`,
  ];
  for (const [i, text] of corrupt.entries()) {
    notes.length = 0;
    await Deno.writeTextFile(".progress.json", text);
    assert.is((await readProgress(say)).size, 0);
    assert.is(await Deno.readTextFile(`.woven/progress.${i + 1}.json`), text);
    assert.match(notes.join(), `kept as .woven/progress.${i + 1}.json`);
  }
});

test("a corrupt file of which no copy can be made is left as it is", async () => {
  notes.length = 0;
  await Deno.remove(".woven", { recursive: true });
  await Deno.writeTextFile(".woven", "in the way");
  await Deno.writeTextFile(".progress.json", "{ not json");
  await updateProgress(kata.slug, (entry) => ({ ...entry, hints: 1 }), say);
  assert.is(await Deno.readTextFile(".progress.json"), "{ not json");
  assert.match(notes.join(), "left as it is");
  await Deno.remove(".progress.json");
  await updateProgress(kata.slug, (entry) => ({ ...entry, hints: 1 }), say);
  assert.match(notes.at(-1)!, "progress cannot be kept");
  await Deno.remove(".woven");
});

test("nine runs at once lose no hint of each other's", async () => {
  await Deno.remove(".progress.json").catch(() => {});
  const slugs = Array.from({ length: 9 }, (_, i) => `kata-${i}`);
  const one = (slug: string) =>
    updateProgress(slug, (entry) => ({ ...entry, hints: (entry.hints ?? 0) + 1 }), say);
  await Promise.all(slugs.flatMap((slug) => Array.from({ length: 8 }, () => one(slug))));
  const entries = await readProgress(say);
  assert.equal(slugs.map((slug) => entries.get(slug)?.hints), slugs.map(() => 8));
  await Deno.remove(".progress.json");
});

test("what is no progress field by field is kept aside, and what a later version adds is kept", () => {
  const of = (entry: unknown) => JSON.stringify({ version: 1, katas: { a: entry } });
  for (
    const entry of ["x", 5, null, [], { hints: -1 }, { passed: 1.5 }, { state: "won" }, {
      solved: "yes",
    }, { sim: 5 }]
  ) assert.throws(() => parseProgress(of(entry)), undefined, JSON.stringify(entry));
  assert.throws(() => parseProgress("null"));
  assert.throws(() => parseProgress('{"version":1,"katas":[]}'));
  assert.equal(parseProgress(of({ hints: 2, later: [] })).get("a") as unknown, {
    hints: 2,
    later: [],
  });
});

test("a file of progress that is a folder or leads nowhere is left as it is", async () => {
  for (
    const make of [() => Deno.mkdir(".progress.json"), () => symlink("x", ".progress.json")]
  ) {
    notes.length = 0;
    await make();
    const entry = await updateProgress("a", (entry) => ({ ...entry, hints: 1 }), say);
    assert.equal(entry, { hints: 1 });
    assert.match(notes.join(), "left as it is");
    await Deno.lstat(".progress.json");
    await Deno.remove(".progress.json");
  }
});

test("begin() and reset() say so where a folder stands in the file's place, and lose nothing", async () => {
  const path = `${kata.dir}/attempt.ts`;
  await Deno.remove(path);
  await Deno.mkdir(path);
  assert.not(await begin(kata));
  const verdict = await runKata(kata, "attempt.ts");
  assert.equal([verdict.state, verdict.failure?.message], ["broken", "this is a folder"]);
  assert.ok(await keyOf(kata, "sim"));
  const kept = (await reset(kata))!;
  assert.ok((await Deno.stat(kept)).isDirectory);
  assert.is(await Deno.readTextFile(path), exercise);
  await Deno.remove(kept);
});

test("an attempt that ends its lines as Windows does is kept as it is, and is pristine all the same", async () => {
  const path = `${kata.dir}/attempt.ts`, text = exercise.replaceAll("\n", "\r\n");
  await Deno.writeTextFile(path, text);
  assert.is(await reset(kata), undefined);
  assert.not(await begin(kata));
  assert.is(await Deno.readTextFile(path), text);
  await Deno.writeTextFile(path, exercise);
});

test("resets at once keep every attempt", async () => {
  const path = `${kata.dir}/attempt.ts`;
  await Deno.writeTextFile(path, "mine");
  const kept = (await Promise.all([reset(kata), reset(kata), reset(kata)])).filter(Boolean);
  assert.equal(kept.length, 1);
  assert.is(await Deno.readTextFile(kept[0]!), "mine");
  await Deno.remove(kept[0]!);
});

test("reset() moves an attempt aside and never onto another", async () => {
  const path = `${kata.dir}/attempt.ts`;
  const texts = ["first", "second", "third"];
  for (const text of texts) {
    await Deno.writeTextFile(path, text);
    await reset(kata);
    assert.is(await Deno.readTextFile(path), exercise);
  }
  for (const [i, text] of texts.entries()) {
    assert.is(await Deno.readTextFile(`${kata.dir}/attempt.${i + 1}.ts`), text);
  }
});

test.run();
