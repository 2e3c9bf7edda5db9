// What a chapter may hold beside prose, cells and outputs: films, questions, counted statements, terms, an era to choose.

import { eras, VERDICTS, verdictSign } from "sim";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "../notebook/markdown.ts";
import { chapterPage } from "./chapter_page.ts";

const chapter = parse(
  `---
title: Formats
question: What fits?
years: "2005"
kernel: mapcount
katas: []
minutes: 5
---

A _page fault_ makes [3 of 20](#count:question.lost) go wrong; _is it so?_ See [the film](#film) of \`nic\`, \`pid 2\` and \`pipe\`, not \`mmap\`.

## Film

\`\`\`ts ignore
never();
\`\`\`

\`\`\`ts id=film steps
film();
\`\`\`

\`\`\`predict
_Is_ 1 < \`2\`?
- yes: \`1 < 2\`
- no, [see](#film): \`1 > 2\`
\`\`\`

\`\`\`ts id=question
ask();
\`\`\`

## Sources

- [mst-2005]: _The thread_, 2005.
- [A commit][c0ffee].

[mst-2005]: https://example.org/mst "Re: PROT_DONTCOPY"
[c0ffee]: https://example.org/c0ffee
`,
  "chapters/00-formats.md",
);

const drawing = (name: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${name}"><text x="1">x</text></svg>`;

const pictured = (text: string) => ({ text, svg: drawing(text), verdicts: [] });
const steps = [
  { operation: "mmap(1 page)", reasons: [], ...pictured("    no frame") },
  { operation: "store()", reasons: ["because"], ...pictured("    pfn 1 old") },
  { operation: "fork()", reasons: [], ...pictured("    pfn 1 new\n  + pfn 2 old") },
];
const filmText = "mmap(1 page)\n    no frame\nstore()\n  because\n    pfn 1 old\n" +
  "fork()\n    pfn 1 new\n  + pfn 2 old";

const page = chapterPage(
  chapter,
  [
    { index: 1, items: [{ kind: "view", text: filmText, svg: steps[2]!.svg, steps }] },
    {
      index: 2,
      items: [{ kind: "text", text: "so 1 < 2" }],
      counts: { lost: { value: 3, of: 20 } },
    },
  ],
  (address) => address.replace(/^#count:([^.]*).*/, "#$1"),
  { katas: [] },
).main.text;

/** What is left of HTML for a reader. */
const plain = (html: string) =>
  html.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">");

test("a film is all its pictures in a list, each with its operation and its reasons, and as text", () => {
  const film = /<figure class="picture film"[^]*?<\/figure>/.exec(page)![0];
  assert.match(film, `aria-label="Film of cell 2"`);
  assert.is(film.match(/<li class="step">/g)?.length, 3);
  assert.match(plain(film), "2 of 3 store() because");
  assert.match(film, "<summary>All 3 pictures as text</summary>");
  assert.is(plain(/<pre[^]*?<\/pre>/.exec(film)![0]), filmText);
});

test("each picture of a film has an address, which its number leads to, and the name that it says itself", () => {
  for (const [n, { text }] of steps.entries()) {
    const id = `film-step-${n + 1}`;
    assert.match(page, `<p class="caption" id="${id}"><a href="#${id}">${n + 1} of 3</a>`);
    assert.match(page, `aria-label="${text}"`);
  }
});

test("a chapter with a picture has one legend, of the marks and of the verdicts", () => {
  assert.is(page.match(/<details class="legend">/g)?.length, 1);
  for (const word of VERDICTS) assert.match(page, `${verdictSign(word)} ${word}</dt>`);
  const legend = /<details class="legend">[^]*?<\/details>/.exec(page)![0];
  assert.is(legend.match(/<li>/g)?.length, legend.match(/aria-hidden="true"/g)?.length);
});

test("a question is text, a list and an answer to open, before the cell whose output stays as it is", () => {
  const asked = /<div class="predict"[^]*?<\/div>/.exec(page)![0];
  assert.match(asked, `<p class="asked"><em>Is</em> 1 &lt; <code>2</code>?</p>`);
  assert.match(asked, `<ol type="a">`);
  assert.is(asked.match(/<li /g)?.length, 2);
  assert.match(asked, `no, <a href="#film">see</a>`);
  assert.match(plain(/<details>[^]*<\/details>/.exec(asked)![0]), "confirms a: yes: 1 < 2");
  assert.not.match(asked, /<input|<button/);
  assert.match(page.slice(page.indexOf(asked)), /^[^]*?<section class="cell" id="question"/);
  assert.match(page, ">so 1 &lt; 2</pre>");
});

test("a result goes to its cell, also behind a cell that does not run", () => {
  const cell = (id: string) => page.slice(page.indexOf(`id="${id}"`)).split("</section>")[0]!;
  assert.match(cell("cell-1"), `<div class="output"></div>`);
  assert.match(cell("film"), "figure");
  assert.match(cell("question"), "so 1");
});

test("a cell keeps the id that its author gave it, and a heading of the same words gets another", () => {
  assert.match(page, `<section class="cell" id="film"`);
  assert.match(
    page,
    /<h2 id="film-1">Film<a class="anchor" href="#film-1" aria-hidden="true" tabindex="-1"><\/a><\/h2>/,
  );
});

test("a counted statement leads to its cell and says what it counts", () => {
  assert.match(page, `<a href="#question" data-count="question.lost">3 of 20</a>`);
  assert.match(page, `<a href="#film">the film</a>`);
});

test("emphasis of one to three words introduces a term, and any other is stress", () => {
  assert.match(page, "<dfn>page fault</dfn>");
  assert.match(page, "<em>is it so?</em>");
  assert.match(page, "<em>The thread</em>");
});

test("an owner's name has its colour from the pictures, and other code has none", () => {
  const names = [["nic", "device"], ["pid 2", "p2"], ["pipe", "pipe"]];
  for (const [name, colour] of names) assert.match(page, `<code class="${colour}">${name}</code>`);
  assert.match(page, "<code>mmap</code>");
});

test("a source is a plain link without a title, set as an id where it goes by its id", () => {
  assert.match(page, `<a href="https://example.org/mst" class="id">mst-2005</a>: <em>`);
  assert.match(page, `<a href="https://example.org/c0ffee">A commit</a>`);
});

test("the eras to choose from wait in a template, the chapter's own is chosen", () => {
  const template = /<template data-kernels>[^]*<\/template>/.exec(page)![0];
  const options = [...template.matchAll(/<option value="(\w+)"( selected)?>/g)];
  assert.equal(options.map((match) => match[1]), eras.map(({ name }) => name));
  assert.equal(options.filter((match) => match[2]).map((match) => match[1]), ["mapcount"]);
});

test.run();
