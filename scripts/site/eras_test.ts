// The strip below a cell, and the script with what it shows.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { eras } from "sim";
import type { Beside } from "../notebook/beside.ts";
import type { Elsewhere } from "../notebook/kernels.ts";
import { besideScript, type Texts } from "./beside.ts";
import { strip } from "./eras.ts";

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="2">pfn 1</text></svg>';
const side = (reason: string) => ({
  operation: "store(<b>)",
  reasons: [reason],
  text: "pfn 1",
  svg,
});
const differs: Beside = {
  mark: "differs",
  parting: { before: ["mmap(pid 1)"], cell: 0, own: side("reuse"), other: side("copy") },
  printed: { own: "a\nb\nc", other: "a\n<x>\nc" },
};
const lost: Beside = { mark: "lost", wrong: ["parted"] };
const lines: Beside = { mark: "lines", printed: { own: "a", other: "b" } };
const names = eras.map(({ name }) => name);
const elsewhere: Elsewhere = {
  works: new Set([0, 1, 2]),
  on: new Map(names.map((name) => [
    name,
    new Map<number, Beside>(
      name === "mapcount"
        ? []
        : name === "refcount_old"
        ? [[1, lost], [2, lines], [3, { mark: "unreached" }]]
        : [[1, differs]],
    ),
  ])),
};

test("strip() marks each era by a sign and a word, and says in short where a cell differs", () => {
  const text = strip(elsewhere, 1, "mapcount")!.text;
  assert.match(
    text,
    "On other eras: parted on refcount_old; differs on read_gup_breaks_cow to large_folio",
  );
  assert.match(text, '<i class="same own">=</i>');
  assert.match(text, '<i class="lost">✗</i>');
  assert.is(text.match(/<li class="differs"/g)!.length, 5);
  assert.match(text, "of which the text speaks");
});

test("strip() is quiet where all is the same, and where no machine of the chapter's kernel works", () => {
  assert.match(strip(elsewhere, 0, "mapcount")!.text, "The same on every era");
  assert.not.match(strip(elsewhere, 0, "mapcount")!.text, "<details");
  assert.is(strip(elsewhere, 7, "mapcount"), undefined);
});

test("strip() tells other counts from another outcome", () => {
  const text = strip(elsewhere, 2, "mapcount")!.text;
  assert.match(text, "On other eras: the same; other counts or marks on refcount_old");
  assert.not.match(text, "differs");
});

test("besideScript() has each comparison once, with the first difference marked, and escaped", () => {
  const script = besideScript(elsewhere, "mapcount");
  const { numbers, texts }: Texts = JSON.parse(script.replace(/^pinnedBeside = |;\n$/g, ""));
  assert.is(texts.length, 3);
  assert.equal(Object.keys(numbers), ["1", "2"]);
  assert.is(numbers[1]!.page_count, numbers[1]!.large_folio);
  const text = texts[numbers[1]!.page_count!]!;
  assert.match(text, "<mark>In cell 1, at <code>store(&lt;b&gt;)</code></mark> is where they part");
  assert.match(text, "a\n<mark>b</mark>\nc</pre>");
  assert.match(text, "a\n<mark>&lt;x&gt;</mark>\nc</pre>");
  assert.is(text.match(/<svg/g)!.length, 2);
});

test.run();
