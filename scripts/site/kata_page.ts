// A kata's page: the brief, the hints behind their summaries, the code to repair, and how to run it.

import type { Chapter } from "../notebook/chapter.ts";
import type { Kata } from "../kata/list.ts";
import { chapterPath } from "./chapter_page.ts";
import { highlight } from "./highlight.ts";
import { type Build, href, markup, type Page } from "./html.ts";
import { type Context, inlineProse, prose, references } from "./prose.ts";

export const kataPath = (kata: Kata) => `kata/${kata.slug}.html`;

/** The page of a kata. `client/live.ts` fills in the verdict where `learn` serves it. */
export function kataPage(
  kata: Kata,
  chapter: Chapter | undefined,
  link: Context["link"],
  { live, repo }: Build,
): Page {
  const path = kataPath(kata);
  const context: Context = {
    ids: new Set(["main", "run", "exercise", "hints"]),
    headings: [],
    link,
  };
  const known = references([kata.brief, ...kata.hints].join("\n\n"));
  const back = chapter &&
    markup`<a href="${href(path, chapterPath(chapter))}">Chapter ${chapter.number}, ${
      inlineProse(chapter.front.title)
    }</a>`;
  // The title and the minutes stand above already.
  const brief = kata.brief.replace(/^\s*# .*\n/, "").replace(/^Takes \d+ minutes\.$/m, "");
  return {
    path,
    title: kata.title,
    description:
      `A kata of chapter ${kata.chapter}: code that is broken the way real code was broken, to repair in ` +
      `about ${kata.minutes} minutes.`,
    kind: "kata",
    scripts: ["assets/page.js"],
    main: markup`
      <header class="title">
        <p class="eyebrow">Kata · ${kata.minutes} minutes${back && markup` · ${back}`}</p>
        <h1>${inlineProse(kata.title)}</h1>
      </header>
      <article>
      ${prose(brief, context, known)}
      <h2 id="exercise">The code to repair</h2>
      <p class="meta">${kata.dir}/exercise.ts</p>
      <pre class="code" tabindex="0" role="group" aria-label="exercise.ts"><code>${
      highlight(
        kata.exercise,
      )
    }</code></pre>
      <h2 id="run">Run it</h2>
      ${
      live &&
      markup`
          <div class="verdict" data-verdict="${kata.slug}" role="status">
            <p>Looking for your attempt.</p>
          </div>
        `
    }
      ${
      repo !== undefined && markup`<p>If you do not have the project yet:</p>
<pre class="shell" tabindex="0" role="group" aria-label="Commands to get the project"><code>git clone ${repo} pinned
cd pinned</code></pre>
`
    }<p>In the project's folder. The first time, it copies <code>exercise.ts</code> to <code>attempt.ts</code>, which is yours
to edit and is never overwritten.</p>
<pre class="shell" tabindex="0" role="group" aria-label="Command"><code>deno task kata ${kata.slug}</code></pre>
<p>Where Deno is not installed, begin with <code>npx --yes deno@${Deno.version.deno}</code> instead of <code>deno</code>.</p>
      ${
      kata.hints.length > 0 && markup`<h2 id="hints">Hints</h2>
<p>From a nudge to nearly the answer. Open one at a time.</p>
${
        kata.hints.map((hint, n) =>
          markup`
            <details class="hint"><summary>Hint ${n + 1} of ${kata.hints.length}</summary>
            ${prose(hint, context, known)}</details>
          `
        )
      }`
    }
      </article>
    `,
  };
}
