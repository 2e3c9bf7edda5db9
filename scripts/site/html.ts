// HTML that is escaped unless somebody says otherwise, and the frame that every page stands in.

import { escape } from "@std/html/entities";
import { policy } from "./policy.ts";

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | false | readonly Value[];

/** A template whose holes are escaped, except for {@linkcode Html}; lists are joined, `undefined` and `false` are nothing. */
export function markup(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(put)));
}

function put(value: Value): string {
  if (value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(put).join("");
  return value instanceof Html ? value.text : escape(String(value));
}

/** The way from one page to another, both from the site's root: relative, so that any base path and file:// will do. */
export function href(from: string, to: string): string {
  const [path = "", hash] = to.split("#");
  const a = from.split("/").slice(0, -1);
  const b = path.split("/");
  while (a.length && b.length > 1 && a[0] === b[0]) a.shift(), b.shift();
  const way = "../".repeat(a.length) + b.map(encodeURIComponent).join("/");
  return hash === undefined ? way : `${path === from ? "" : way}#${hash}`;
}

/** What a page says of itself. */
export interface Page {
  /** Where it goes, from the site's root: `chapters/owners.html`. */
  path: string;
  title: string;
  /** A sentence or two for search engines and for whoever shares the link. */
  description: string;
  main: Html;
  /** A class on `main` that the style sheet knows. */
  kind: "index" | "chapter" | "kata" | "source" | "text" | "problem" | "hazards";
  /** Classic scripts, from the site's root, run in order once the page has been read. */
  scripts?: readonly string[];
}

/** How all pages of one build differ from those of another. */
export interface Build {
  /** Served by `learn`: the page listens for new verdicts and new builds. */
  live: boolean;
  /** Where the project can be cloned from; without it no page names an address. */
  repo?: string;
}

/** What a person types to have the course, and to see it live. */
export function commands({ repo }: Build): string {
  const clone = repo === undefined ? [] : [`git clone ${repo} pinned`, "cd pinned"];
  return [...clone, `npx --yes deno@${Deno.version.deno} task learn`].join("\n");
}

/** A whole page. What it may load is {@linkcode policy}'s to say. */
export function page(
  { path, title, description, main, kind, scripts = [] }: Page,
  build: Build,
): string {
  const to = (target: string) => href(path, target);
  const all = build.live ? [...scripts, "assets/live.js"] : scripts;
  const current = new Html(path === "index.html" ? ' aria-current="page"' : "");
  return markup`<!DOCTYPE html>
<html lang="en" data-root="${to("index.html").slice(0, -"index.html".length)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy(build.live))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${path === "index.html" ? title : `${title} · pinned`}</title>
<meta name="description" content="${description}">
<meta property="og:type" content="${path === "index.html" ? "website" : "article"}">
<meta property="og:site_name" content="pinned">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta name="twitter:card" content="summary">
<link rel="icon" href="${to("assets/icon.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="${to("assets/style.css")}">
${all.map((script) => markup`<script defer src="${to(script)}"></script>\n`)}</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="site">
<nav aria-label="Course"><a class="home" href="${to("index.html")}"${current}>pinned</a>
<span class="motto">fork(), copy-on-write and the pages a device still holds</span></nav>
</header>
<main id="main" class="${kind}" tabindex="-1">
${main}
</main>
<footer class="site">
<p>${
    build.repo === undefined
      ? "To run the course on your machine, in the project's folder"
      : "To have the course, and to run it on your machine"
  }:</p>
<pre class="shell" tabindex="0" role="group" aria-label="Commands"><code>${
    commands(build)
  }</code></pre>
<p>This site asks nothing of any other, and says nothing to anybody. <a href="${
    to("licences.html")
  }">Licences</a></p>
</footer>
</body>
</html>
`.text;
}
