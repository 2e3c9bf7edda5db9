// Builds small courses in memory and looks at the pages as a link checker would.

import { createContext, runInContext } from "node:vm";
import { dirname, join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Kata } from "../kata/list.ts";
import { parse } from "../notebook/markdown.ts";
import { Problem } from "../tool/problem.ts";
import { type Course, pages } from "./pages.ts";

const svg =
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="x"><rect width="1" height="1"/></svg>`;

const chapter = (slug: string, body: string, number = "00", katas = "") =>
  parse(
    `---
title: About ${slug} & others
question: Is 1 < 2?
years: "2005"
kernel: mapcount
katas: [${katas}]
minutes: 5
---

${body}`,
    `chapters/${number}-${slug}.md`,
  );

const owners = chapter(
  "owners",
  `# Owners

See [\`do_wp_page\`](../sim/mm/memory.ts), [the next one](01-next.md#why), [the kata](../kata/00-first/README.md),
[3 of 20](#count:show.lost), [a scene](../sim/scenes/one.scene), [a text](../sim/scenes/README.md)
and [a commit][c0ffee].

## One & two

\`\`\`ts id=show
import { frames } from "sim"; const a: number = 1 < 2 ? 1 : 2;
\`\`\`

## One & two

| a | b |
| - | - |
| 1 | <script>alert(1)</script> |

### "By" \`era\`

|     | old | new |
| --- | --- | --: |
| [one](../sim/scenes/one.scene) | 0 | P |

[c0ffee]: https://example.org/c0ffee
`,
  "00",
  "first",
);
const next = chapter("next", "## Why\n\nBecause.\n", "01");

const kata: Kata = {
  slug: "first",
  chapter: "00",
  dir: "kata/00-first",
  title: "The first",
  brief: "# The first\n\nRepair [this](../../sim/mm/memory.ts).\n\nTakes 5 minutes.",
  hints: ["Look.", "Look at `mapcount`."],
  exercise: "export const a = 1;\n",
  minutes: 5,
};

const sources: Record<string, string> = {
  "sim/mod.ts": `export { do_wp_page } from "./mm/memory.ts";\n`,
  "sim/mm/memory.ts":
    `import type { State } from "../state.ts";\n/** Doc. */\nexport function* do_wp_page() {}\n`,
  "sim/state.ts": "export interface State {}\n",
  "sim/scenes/one.scene": "# A page is written.\n=== one\nP0 w a0 1\n",
  "sim/scenes/README.md": "# Scenes & <b>\n\nSee [one](one.scene), *and* [home](../mod.ts).\n",
};

const course: Course = {
  chapters: [owners, next],
  katas: [kata],
  runs: new Map([
    ["owners", {
      cells: [{
        index: 0,
        items: [{ kind: "text", text: "1 < 2" }, { kind: "view", text: "pfn 1", svg }],
      }],
    }],
    ["next", { cells: [] }],
  ]),
  replayed: () => undefined,
  elsewhere: new Map(),
  problems: [],
  licences: [{ name: "toy 1.0.0", scripts: ["assets/toy.js"], text: "Do <as> you like." }],
  read: (path) => sources[path],
};

const html = (files: Map<string, string>) => [...files].filter(([path]) => path.endsWith(".html"));

test("every page has a language, a title, a description, one h1 and one main", () => {
  for (const [path, text] of html(pages(course, { live: false }).files)) {
    assert.match(text, /^<!DOCTYPE html>\n<html lang="en"/, path);
    assert.match(text, /<title>[^<]+<\/title>/, path);
    assert.match(text, /<meta name="description" content="[^"]+">/, path);
    assert.is(text.match(/<h1[ >]/g)?.length, 1, path);
    assert.is(text.match(/<main[ >]/g)?.length, 1, path);
  }
});

test("no page skips a level of headings", () => {
  for (const [path, text] of html(pages(course, { live: true }).files)) {
    const levels = [...text.matchAll(/<h(\d)/g)].map((match) => Number(match[1]));
    levels.forEach((level, n) =>
      assert.ok(level <= (levels[n - 1] ?? 0) + 1, `${path}: h${level}`)
    );
  }
});

test("ids are unique in a page, and each thing that points to one finds it", () => {
  for (const [path, text] of html(pages(course, { live: true }).files)) {
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]!);
    assert.equal(ids, [...new Set(ids)], path);
    for (const [, name] of text.matchAll(/ aria-(?:labelledby|describedby)="([^"]*)"/g)) {
      assert.ok(ids.includes(name!), `${path}: ${name}`);
    }
  }
});

test("every relative link leads to a page of the site, and to an id on it", () => {
  const site = pages(course, { live: false }).files;
  for (const [path, text] of html(site)) {
    for (const [, address] of text.matchAll(/<a [^>]*href="([^"]*)"/g)) {
      if (/^https:/.test(address!)) continue;
      assert.not.match(address!, /^\//, `${path}: ${address}`);
      const [to = "", hash] = address!.split("#");
      const target = to ? join(dirname(path), decodeURIComponent(to)) : path;
      assert.ok(site.has(target), `${path}: ${address}`);
      if (hash) assert.match(site.get(target)!, ` id="${hash}"`, `${path}: ${address}`);
    }
  }
});

test("links go where they go on GitHub: to a symbol, a chapter, a kata, a cell and a source", () => {
  const text = pages(course, { live: false }).files.get("chapters/owners.html")!;
  for (
    const address of [
      "../source/sim/mm/memory.ts.html#do_wp_page",
      "next.html#why",
      "../kata/first.html",
      "#show",
      "https://example.org/c0ffee",
    ]
  ) assert.match(text, `href="${address}"`);
});

test("a source brings the sources that it imports", () => {
  const site = pages(course, { live: false }).files;
  assert.ok(site.has("source/sim/state.ts.html"));
  assert.match(site.get("source/sim/mm/memory.ts.html")!, `href="../state.ts.html"`);
});

test("a table is called by its heading, and with nothing in its corner its first column names the rows", () => {
  const text = pages(course, { live: false }).files.get("chapters/owners.html")!;
  const [plain, named] = text.match(/<div class="wide"[^]*?<\/div>/g)!;
  assert.match(plain!, /^<div [^>]*tabindex="0" role="group" aria-label="Table: One &amp; two">/);
  assert.match(plain!, `<table aria-label="One &amp; two">`);
  assert.match(plain!, `<th scope="col">a</th>`);
  assert.match(plain!, "<td>1</td>");
  assert.match(named!, `aria-label="Table: &quot;By&quot; era"`);
  assert.match(
    named!,
    `<tr><td></td><th scope="col">old</th><th class="right" scope="col">new</th>`,
  );
  assert.match(
    named!,
    /<tr><th scope="row"><a [^>]*>one<\/a><\/th><td>0<\/td><td class="right">P</,
  );
});

test("a scene's page says what the scene is, and a text is for reading", () => {
  const { files, problems } = pages(course, { live: false });
  const scene = files.get("source/sim/scenes/one.scene.html")!;
  assert.match(scene, `content="sim/scenes/one.scene: A page is written."`);
  assert.match(scene, `<span class="line" id="L3">P0 w a0 1`);
  const text = files.get("source/sim/scenes/README.md.html")!;
  assert.match(text, "<h1>Scenes &amp; &lt;b&gt;</h1>");
  assert.match(text, `<p>See <a href="one.scene.html">one</a>, <em>and</em>`);
  assert.equal(problems, []);
  const read = (path: string) => path.endsWith(".md") ? "# A\n\n[b](b.ts)\n" : sources[path];
  const [problem] = pages({ ...course, read }, { live: false }).problems;
  assert.match(String(problem), "sim/scenes/README.md:3: error: the link to b.ts leads nowhere");
});

test("what an author writes is text, but for a few harmless tags", () => {
  const text = pages(course, { live: false }).files.get("chapters/owners.html")!;
  assert.match(text, "<h1>About owners &amp; others</h1>");
  assert.match(text, "Is 1 &lt; 2?");
  assert.not.match(text, "<script>alert");
  assert.match(text, "&lt;script&gt;alert(1)");
});

test("a title has no links, an image is its words, and no link is to a script", () => {
  const titled = chapter("titled", '![a *map*](https://elsewhere.example/x.png "t")\n', "02");
  titled.front.title = "[Run](javascript:alert(1)) <javascript:alert(2)> `it`";
  const { files, problems } = pages({ ...course, chapters: [titled] }, { live: false });
  assert.equal(problems, []);
  for (const path of ["index.html", "chapters/titled.html"]) {
    const text = files.get(path)!;
    assert.not.match(text, /<img|elsewhere|href="javascript:/, path);
    assert.match(text, "Run", path);
  }
  for (
    const address of ["javascript:alert(1)", "JavaScript:alert(1)", "vbscript:x", "file:///etc"]
  ) {
    const linked = chapter("linked", `[x](${address})\n`, "02");
    const { problems } = pages({ ...course, chapters: [linked] }, { live: false });
    assert.match(String(problems[0]), "chapters/02-linked.md:10: error: the link to ", address);
  }
});

test("a cell has its code, its output and its picture, whose text stands below it", () => {
  const text = pages(course, { live: false }).files.get("chapters/owners.html")!;
  assert.match(text, `<section class="cell" id="show"`);
  assert.match(text, ">1 &lt; 2</pre>");
  assert.match(text, `<figure class="picture" aria-label="Picture of cell 1">`);
  assert.match(text, /<svg role="img" aria-label="x"[^>]*><rect width="1" height="1"\/><\/svg>/);
  assert.match(text, `aria-label="Picture of cell 1 as text">pfn 1</pre></details>`);
});

test("every page leads to the licences, which say of whose code and in which script", () => {
  const { files } = pages(course, { live: false });
  for (const [path, text] of html(files)) {
    assert.match(text, /<footer[^]*<a href="(?:\.\.\/)*licences\.html">Licences<\/a>/, path);
  }
  const text = files.get("licences.html")!;
  assert.match(text, "<h2>toy 1.0.0</h2>");
  assert.match(text, "<code>assets/toy.js</code>");
  assert.match(text, ">Do &lt;as&gt; you like.</pre>");
});

test("a page loads nothing but its own, and only a live one talks to anybody", () => {
  for (const live of [false, true]) {
    for (const [path, text] of html(pages(course, { live }).files)) {
      assert.not.match(text, /(?:src|<link [^>]*href)="(?:https?:|\/)/, path);
      assert.match(text, live ? "connect-src 'self'" : "connect-src 'none'", path);
      assert.is(/live\.js/.test(text), live, path);
    }
  }
});

test("a chapter's cells are shipped as a string, in which no script finds a comment or its end", () => {
  const hostile = chapter(
    "hostile",
    `\`\`\`ts
const b: any = 1; let c: any = 1;
const s = b <!<any>--c ? \`
}); owned = true; void (async function () {
--> </script> \` : 0;
\`\`\`
`,
  );
  const { files } = pages({ ...course, chapters: [hostile], runs: new Map() }, { live: false });
  const script = files.get("chapters/hostile.run.js")!;
  assert.not.match(script, /<|>|\u2028|\u2029/);
  const handed: unknown[] = [];
  const page = createContext({ pinnedCells: (text: unknown) => handed.push(text) });
  runInContext(script, page);
  assert.is(page.owned, undefined, "nothing of a cell runs in the page");
  assert.is(handed.length, 1);
  assert.match(String(handed[0]), "--> </script>");
});

test("a chapter with a problem has a page that tells it, and the others stay", () => {
  const problem = new Problem("cell 1 threw", { path: "chapters/00-owners.md", line: 20 });
  const runs = new Map([...course.runs, ["owners", { cells: [], problem }]]);
  const site = pages({ ...course, runs }, { live: true });
  assert.equal(site.problems, [problem]);
  assert.match(
    site.files.get("chapters/owners.html")!,
    "chapters/00-owners.md:20: error: cell 1 threw",
  );
  assert.match(site.files.get("chapters/next.html")!, "Because.");
  assert.match(site.files.get("index.html")!, "cell 1 threw");
});

test("a link that leads nowhere is a problem at its line", () => {
  const bad = chapter("bad", "One.\n\nSee [this](../sim/nothing.ts).\n", "02");
  const { problems } = pages({ ...course, chapters: [bad] }, { live: false });
  assert.match(
    String(problems[0]),
    "chapters/02-bad.md:12: error: the link to ../sim/nothing.ts leads nowhere",
  );
});

test("a chapter that could not be read has a page that says so", () => {
  const problem = new Problem("no front matter", { path: "chapters/03-broken.md", line: 1 });
  const site = pages({ ...course, problems: [problem] }, { live: true });
  assert.match(
    site.files.get("chapters/broken.html")!,
    "chapters/03-broken.md:1: error: no front matter",
  );
});

test.run();
