// A chapter's page: prose, cells, what the cells printed and drew. Complete without JavaScript.

import type { Cell, Chapter } from "../notebook/markdown.ts";
import type { CellResult } from "../notebook/harness.ts";
import type { Kata } from "../kata/list.ts";
import { picture } from "./picture.ts";
import { type Context, inlineProse, prose, references, takeId } from "./prose.ts";
import { joinTexts } from "./client/items.ts";
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
): Page {
  const { front, number, slug } = chapter;
  const path = chapterPath(chapter);
  const context: Context = { ids: new Set(["main", "katas"]), headings: [], link };
  const known = references(
    chapter.segments.map((s) => s.kind === "prose" ? s.source : "").join("\n"),
  );
  const body = chapter.segments.map((segment) => {
    if (segment.kind === "output") return "";
    if (segment.kind === "cell") return cell(segment, results[segment.index], context);
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
      <article data-chapter="${slug}" data-kernel="${front.kernel}">
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

/** A cell and what came of it. `client/page.ts` finds the parts by their classes. */
function cell(
  { index, code, marks, line }: Cell,
  result: CellResult | undefined,
  context: Context,
): Html {
  const id = takeId(context, marks.id ?? `cell-${index + 1}`);
  const name = `Cell ${index + 1}`;
  const traits = (marks.ignore ? " data-ignore" : "") +
    (marks.throws ? ` data-throws="${marks.throws}"` : "");
  return markup`
<section class="cell" id="${id}" aria-label="${name}" data-index="${index}" data-line="${line}"${new Html(
    traits,
  )}>
<pre class="code" tabindex="0" role="group" aria-label="${name}, code"><code>${
    highlight(code)
  }</code></pre>
<div class="output">${output(result, context, index)}</div>
</section>
`;
}

/** What a cell printed and drew; the same shapes that `client/output.ts` makes in the page. */
function output(result: CellResult | undefined, context: Context, index: number): Html {
  const name = `cell ${index + 1}`;
  const parts = joinTexts(result?.items ?? []).map((item) =>
    item.kind === "text"
      ? markup`<pre class="text" tabindex="0" role="group" aria-label="Output of ${name}">${item.text}</pre>`
      : picture(item, `Picture of ${name}`, takeId(context, `picture-${index + 1}`))
  );
  return markup`${parts}`;
}
