// The timeline of the front page: everything on it comes from the eras, the ledger and the chapters, and stands in its year.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { eras } from "../../sim/mod.ts";
import type { Kata } from "../kata/list.ts";
import { readChapters } from "../notebook/files.ts";
import { readLedger } from "../notebook/ledger.ts";
import { textAt } from "../tool/files.ts";
import { historyOf, parsePlanned } from "./history.ts";
import { timeline } from "./timeline.ts";

const { chapters } = await readChapters();
const ledger = (await readLedger())!.entries;
const planned = parsePlanned(await textAt("chapters/planned.yaml"));
const kata = { slug: "last-writer", title: "The last *writer*" } as Kata;
const history = historyOf(chapters, new Map([[kata.slug, kata]]), ledger, planned);
const text = timeline(history, "index.html").text;

test("historyOf() has every era as a band, the next where one ends, in the years of their commits", () => {
  assert.equal(history.rules.map(({ name }) => name), eras.map(({ name }) => name));
  history.rules.forEach(({ from, to }, n) => {
    assert.ok(from < to, `${from} to ${to}`);
    assert.is(to, history.rules[n + 1]?.from ?? history.to);
    const { date } = ledger.get(eras[n]!.commit) ?? {};
    if (date) assert.is(Math.floor(from), Number(date.slice(0, 4)), eras[n]!.name);
  });
});

test("every commit and CVE of the ledger is a tick in the year that it has, and a line with its link", () => {
  const own = [...ledger.values()].filter(({ kind, id }) => kind === "commit" || /^cve/.test(id));
  assert.is(history.ticks.length, own.filter(({ date }) => date).length);
  for (const { at, entry } of history.ticks) {
    assert.is(Math.floor(at), Number(entry.date!.slice(0, 4)), entry.id);
    assert.match(text, `<a href="${entry.link}">`);
  }
  assert.match(text, "CVE-2020-29374");
});

test("every chapter is pinned to its years with its katas, and what is unwritten is said and drawn so", () => {
  for (const { slug, number, front } of chapters) {
    assert.match(text, new RegExp(`<a class="chapter" href="chapters/${slug}.html">.*${number} `));
    assert.match(text, `<span class="meta">${front.years}`);
  }
  assert.match(text, `href="kata/last-writer.html" aria-label="Kata: The last writer"`);
  for (const [number, { title, years }] of planned) {
    assert.not.ok(chapters.some((chapter) => chapter.number === number), `${number} is written`);
    assert.match(
      text,
      new RegExp(`<g class="chapter unwritten">.*${number} ${title}, not written`),
    );
    assert.match(text, `${years}, not written yet`);
  }
});

test("a chapter that has been written is no longer planned", () => {
  const again = historyOf(chapters, new Map(), ledger, new Map([["00", planned.get("02")!]]));
  assert.is(again.chapters.length, chapters.length);
});

test.run();
