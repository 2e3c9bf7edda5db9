// What every page has around it: its place on a card that is shared, how to get the course, and its headings' addresses.

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Kata } from "../kata/list.ts";
import { type Build, markup, type Page, page } from "./html.ts";
import { kataPage } from "./kata_page.ts";
import { pages } from "./pages.ts";
import { prose } from "./prose.ts";

const one: Page = {
  path: "chapters/a.html",
  title: `"A" & b`,
  description: "What <it> is.",
  main: markup`<h1>A</h1>`,
  kind: "chapter",
};

test("page() says for a card that is shared what the page is called, and nothing that needs an address", () => {
  const text = page(one, { live: false });
  assert.match(text, `<meta property="og:title" content="&quot;A&quot; &amp; b">`);
  assert.match(text, `<meta property="og:description" content="What &lt;it&gt; is.">`);
  assert.not.match(text, "og:url");
});

test("a page says how to get the course, by the address that was given, and without one names none", () => {
  assert.not.match(page(one, { live: false }), "git clone");
  assert.match(page(one, { live: false }), "deno@");
  const repo = "https://example.org/a/pinned.git";
  assert.match(
    page(one, { live: false, repo }),
    /<code>git clone https:\/\/example\.org\/a\/pinned\.git pinned\ncd pinned\nnpx --yes deno@[\d.]+ task learn<\/code>/,
  );
});

test("a kata's page says how to start it, from the clone on", () => {
  const kata: Kata = {
    ...{ slug: "first", chapter: "00", dir: "kata/00-first", title: "The first", minutes: 5 },
    ...{ brief: "# The first\n", hints: [], exercise: "export {};\n" },
  };
  const textOf = (build: Build) => kataPage(kata, undefined, undefined, build).main.text;
  assert.match(textOf({ live: false }), "<code>deno task kata first</code>");
  assert.not.match(textOf({ live: false }), "git clone");
  assert.match(textOf({ live: false, repo: "git@host:p" }), "<code>git clone git@host:p pinned\n");
});

test("a heading has its own address for the pointer, in the way of nobody who listens or uses the Tab key", () => {
  const text = prose("## One *two*\n", { ids: new Set(), headings: [] }).text;
  const anchor = `<a class="anchor" href="#one-two" aria-hidden="true" tabindex="-1"></a>`;
  assert.is(text, `<h2 id="one-two">One <em>two</em>${anchor}</h2>\n`);
});

test("a site has a page for addresses that lead nowhere, and an answer for robots", () => {
  const { files } = pages({
    ...{ chapters: [], katas: [], runs: new Map(), elsewhere: new Map(), problems: [] },
    ...{ replayed: () => undefined, licences: [], read: () => undefined },
  }, { live: false });
  assert.is(files.get("robots.txt"), "User-agent: *\nAllow: /\n");
  assert.match(files.get("404.html")!, `<a href="index.html">The front page</a>`);
});

test.run();
