// What a host shows for an address that leads nowhere. Its links hold where it is shown in the site's own folder: under
// which path a site lies, it does not know.

import type { Chapter } from "../notebook/chapter.ts";
import { chapterPath } from "./chapter_page.ts";
import { href, markup, type Page } from "./html.ts";
import { inlineProse } from "./prose.ts";

/** The page `404.html`. */
export function missingPage(chapters: readonly Chapter[]): Page {
  const path = "404.html";
  return {
    path,
    title: "There is no such page",
    description: "An address of the course that leads nowhere.",
    kind: "problem",
    main: markup`
      <header class="title">
        <p class="eyebrow">404</p>
        <h1>There is no such page</h1>
      </header>
      <p>The address leads nowhere. Chapters keep theirs when they are renumbered, so it may be misspelt.
<a href="${href(path, "index.html")}">The front page</a> has all there is.</p>
      <ul>
      ${
      chapters.map((chapter) =>
        markup`<li><a href="${href(path, chapterPath(chapter))}">${
          inlineProse(chapter.front.title)
        }</a></li>\n`
      )
    }</ul>
    `,
  };
}
