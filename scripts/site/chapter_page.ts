// A chapter's page: prose, questions, cells, what the cells printed and drew. Complete without JavaScript.

import { eras } from "sim";
import { type Cell, cellsOf, type Chapter, type Predict } from "../notebook/chapter.ts";
import type { Replayed } from "../notebook/deeds.ts";
import type { Elsewhere } from "../notebook/kernels.ts";
import { type CellResult, outputText } from "../notebook/harness.ts";
import { confirmed, letter } from "../notebook/predict.ts";
import type { Kata } from "../kata/list.ts";
import type { Place } from "../tool/problem.ts";
import { strip } from "./eras.ts";
import { legendOf } from "./legend.ts";
import { film, picture } from "./picture.ts";
import { type Context, inlineProse, prose, type References, references, takeId } from "./prose.ts";
import { foldLines, joinTexts } from "./client/items.ts";
import { highlight } from "./highlight.ts";
import { href, Html, markup, type Page } from "./html.ts";

/** What a chapter's page needs to know of the others. */
export interface Neighbours {
  previous?: Chapter;
  next?: Chapter;
  katas: readonly Kata[];
}

export const chapterPath = (chapter: Chapter) => `chapters/${chapter.slug}.html`;

/** The page of a chapter whose cells came out as `results`. */
export function chapterPage(
  chapter: Chapter,
  results: readonly CellResult[],
  link: Context["link"],
  { previous, next, katas }: Neighbours,
  replayed: Replayed = () => undefined,
  elsewhere?: Elsewhere,
): Page {
  const { front, number, slug } = chapter;
  const path = chapterPath(chapter);
  const context: Context = { ids: new Set(["main", "katas"]), headings: [], terms: true, link };
  // Links and counts use the ids of cells, so these come first; a heading of the same words gets a number.
  const ids = cellsOf(chapter).map(({ index, marks }) =>
    takeId(context, marks.id ?? `cell-${index + 1}`)
  );
  const resultOf = (cell: number) => results.find(({ index }) => index === cell);
  const known = references(
    chapter.segments.map((s) => s.kind === "prose" ? s.source : "").join("\n"),
  );
  const body = chapter.segments.map((segment) => {
    if (segment.kind === "output") return "";
    if (segment.kind === "cell") {
      const result = resultOf(segment.index), seen = replayed(chapter, segment, result);
      const eras = elsewhere && strip(elsewhere, segment.index, front.kernel);
      const own = { ...context, seen, eras, path: chapter.path };
      return cell(segment, ids[segment.index]!, result, own);
    }
    if (segment.kind === "predict") {
      return question(segment, outputText(resultOf(segment.cell)), context, known);
    }
    // The front matter's title is the page's; a heading that repeats it is for readers of the Markdown.
    return prose(segment.source.replace(/^\s*# .*\n/, ""), context, known);
  });
  const contents = context.headings.map(({ id, text }) =>
    markup`<li><a href="#${id}">${new Html(text)}</a></li>\n`
  );
  return {
    path,
    title: front.title,
    description: front.question,
    kind: "chapter",
    scripts: ["assets/page.js"],
    main: markup`
      <header class="title">
        <p class="eyebrow">Chapter ${number} · ${front.years} · ${front.minutes} minutes</p>
        <h1>${inlineProse(front.title)}</h1>
        <p class="question">${inlineProse(front.question)}</p>
      </header>
      ${
      contents.length > 1 &&
      markup`<nav class="contents" aria-label="On this page">\n<ul>\n${contents}</ul>\n</nav>`
    }
      ${results.length > 0 && kernels(front.kernel)}
      ${results.some(({ items }) => items.some(({ kind }) => kind === "view")) && legendOf()}
      <article data-chapter="${slug}" data-file="${chapter.path}" data-kernel="${front.kernel}">
      ${body}
      </article>
      ${
      katas.length > 0 && markup`
        <section class="katas" aria-labelledby="katas">
          <h2 id="katas">Now you</h2>
          <ul>
        ${
        katas.map((kata) =>
          markup`<li><a href="${href(path, `kata/${kata.slug}.html`)}">${
            inlineProse(kata.title)
          }</a> <span class="meta">${kata.minutes} minutes</span></li>\n`
        )
      }</ul>
        </section>
      `
    }
      <nav class="turn" aria-label="Chapters">
      ${
      previous &&
      markup`<a rel="prev" href="${
        href(path, chapterPath(previous))
      }"><span class="meta">Before</span> ${inlineProse(previous.front.title)}</a>`
    }
      ${
      next &&
      markup`<a rel="next" href="${href(path, chapterPath(next))}"><span class="meta">Next</span> ${
        inlineProse(next.front.title)
      }</a>`
    }
      </nav>
    `,
  };
}

/** Of which kernel the text speaks; and the choice of another to run cells, in a template: without JavaScript it could do nothing. */
function kernels(own: string): Html {
  const { releases } = eras.find(({ name }) => name === own)!;
  return markup`
<p class="meta speaks">Where the text names no other kernel it speaks of <b>${own}</b>, ${releases}.</p>
<template data-kernels>
<div class="kernels tools">
<label>Run by the rules of <select autocomplete="off">
${
    eras.map(({ name, releases }) =>
      markup`<option value="${name}"${name === own && new Html(" selected")}>${name}, ${releases}${
        name === own && " (this chapter)"
      }</option>\n`
    )
  }</select></label>
</div>
</template>
`;
}

/** A question, its choices, and for who wants to know, the answer. `client/predict.ts` makes it one to answer. */
function question(
  asked: Predict,
  output: string,
  context: Context,
  known: References,
): Html {
  const right = confirmed(asked, output)[0];
  const answer = right === undefined ? undefined : asked.choices[right];
  const text = (source: string) => inlineProse(source, { ...context, terms: false }, known);
  return markup`
<div class="predict" data-cell="${asked.cell}">
<p class="asked">${text(asked.question)}</p>
<ol type="a">
${
    asked.choices.map((choice) =>
      markup`<li data-confirms="${choice.confirms}">${text(choice.text)}</li>\n`
    )
  }</ol>
${
    answer && markup`<details><summary>The answer</summary>
<p>The output of the next cell confirms ${letter(right!)}: ${text(answer.text)}</p></details>`
  }
</div>
`;
}

/** A cell and what came of it. `client/page.ts` finds the parts by their classes. */
function cell(
  { index, code, marks, line }: Cell,
  id: string,
  result: CellResult | undefined,
  context: Context & { seen: string | undefined; eras: Html | undefined; path: string },
): Html {
  const name = `Cell ${index + 1}`;
  const traits = (marks.ignore ? " data-ignore" : "") +
    (marks.throws ? ` data-throws="${marks.throws}"` : "");
  return markup`
<section class="cell" id="${id}" aria-label="${name}" data-index="${index}" data-line="${line}"${new Html(
    traits,
  )}>
<a class="permalink" href="#${id}" aria-label="${name}">${index + 1}</a>
<pre class="code" tabindex="0" role="group" aria-label="${name}, code"><code>${
    highlight(code)
  }</code></pre>
<div class="output">${output(result, id, index, { path: context.path, line })}</div>
${marks.file && markup`<p class="meta quoted">From <code>${marks.file}</code></p>`}
${context.seen && context.link && seenOn(context.seen, context.link("cells.scene", ""))}
${context.eras}
</section>
`;
}

/** Whether kernels do as the cell's machines did, or why none was asked; what they were asked stands where the link leads. */
function seenOn(text: string, scenes: string): Html {
  const [, before = "", operations = text, after = ""] =
    text.match(/^(.*?)(these operations|seen)(.*)$/) ?? [];
  const begin = before ? operations : operations.replace(/^t/, "T");
  return markup`<p class="meta replayed">${before}<a href="${scenes}">${begin}</a>${after}</p>`;
}

/** What a cell printed and drew; the same shapes that `client/output.ts` makes in the page. */
function output(
  result: CellResult | undefined,
  id: string,
  index: number,
  place: Place,
): Html {
  const name = `cell ${index + 1}`;
  const parts = joinTexts(result?.items ?? []).map((item, n) => {
    if (item.kind === "text") return printed(item.text, `Output of ${name}`);
    return item.steps
      ? film(item.steps, name, id, place)
      : picture(item, `Picture of ${name}`, `${id}-picture-${n + 1}`, place);
  });
  return markup`${parts}`;
}

/** What a cell printed; of many lines the first, and the others to open. */
function printed(text: string, label: string): Html {
  const { shown, rest, count } = foldLines(text);
  const pre = (text: string, label: string) =>
    markup`<pre class="text" tabindex="0" role="group" aria-label="${label}">${text}</pre>`;
  return rest === undefined ? pre(shown, label) : markup`${pre(shown, label)}
<details><summary>${count} more lines</summary>${pre(rest, `${label}, more lines`)}</details>`;
}
