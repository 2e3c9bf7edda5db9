// The front page: what the course is, and its chapters, a paragraph each.

import { FOLL_WRITE, frames, Lab, mapcount } from "sim";
import type { Chapter } from "../notebook/chapter.ts";
import type { Kata } from "../kata/list.ts";
import type { Problem } from "../tool/problem.ts";
import { chapterPath } from "./chapter_page.ts";
import { kataPath } from "./kata_page.ts";
import { href, type Html, markup, type Page } from "./html.ts";
import { picture } from "./picture.ts";
import { inlineProse } from "./prose.ts";

/** The course in one picture, drawn by the simulator while the site is built. */
function overture(): Html {
  const m = new Lab(mapcount);
  const buffer = m.mmap(1, 0x7000);
  m.store(1, buffer, "buffer");
  m.get_user_pages(1, buffer, 1, FOLL_WRITE, "nic");
  m.fork(1);
  m.store(1, buffer, "reply");
  const view = frames(m.state);
  const mime = view[Symbol.for("Jupyter.display")]!();
  const words = { text: mime["text/plain"], svg: mime["image/svg+xml"] };
  return picture(words, "Two frames and their owners", "overture");
}

/**
 * The overview of the course.
 *
 * @param hazards where the table of hazards is, from the site's root
 */
export function indexPage(
  chapters: readonly Chapter[],
  katas: ReadonlyMap<string, Kata>,
  problems: readonly Problem[],
  { timeline, hazards }: { timeline?: Html; hazards?: string } = {},
): Page {
  const path = "index.html";
  const first = chapters[0];
  return {
    path,
    title: "pinned: a runnable history of fork(), copy-on-write and the pages a device still holds",
    description:
      "Why not to fork with registered memory, and since when: a course in runnable chapters " +
      "and katas.",
    kind: "index",
    main: markup`
      <header class="title">
      <h1>Never fork with registered memory</h1>
      <p class="question">Somebody on the team says it. Why exactly, since when, and on which kernel? Read the story, run what
      it says about a machine, then repair code that broke the way real code broke.</p>
      ${
      first &&
      markup`<p class="start"><a href="${
        href(path, chapterPath(first))
      }">Begin with chapter ${first.number}</a></p>`
    }
      </header>
<div class="overture">
<p>A process handed its buffer to a network adapter, <code class="device">nic</code>. It forked. It stored a reply. By one of the
rules that Linux has followed, this is who owns what: the process has one frame, and its device works on the other.</p>
${overture()}
</div>
${
      hazards &&
      markup`<p class="start"><a href="${href(path, hazards)}">May I fork on my kernel?</a></p>`
    }
${timeline}
      ${
      problems.map((problem) =>
        markup`<pre class="text threw" tabindex="0" role="group" aria-label="A problem">${
          String(problem)
        }</pre>\n`
      )
    }<ol class="chapters">
      ${
      chapters.map((chapter) => {
        const { title, question, years, minutes } = chapter.front;
        const own = chapter.front.katas.flatMap((slug) => katas.get(slug) ?? []);
        return markup`
          <li>
          <p class="number" aria-hidden="true">${chapter.number}</p>
          <h2><a href="${href(path, chapterPath(chapter))}">${inlineProse(title)}</a></h2>
          <p class="meta">${years} · ${minutes} minutes</p>
          <p>${inlineProse(question)}</p>
          ${
          own.length > 0 &&
          markup`<p class="own">Katas: ${
            own.map((kata, n) =>
              markup`${n > 0 && ", "}<a href="${href(path, kataPath(kata))}">${
                inlineProse(kata.title)
              }</a>`
            )
          }</p>`
        }
          </li>
        `;
      })
    }</ol>
    `,
  };
}
