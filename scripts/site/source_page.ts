// A page for each file that a chapter names, with lines and symbols to link to; a text in Markdown is for reading.

import { highlightLines } from "./highlight.ts";
import { Html, markup, type Page } from "./html.ts";
import { type Context, inlineProse, prose, references } from "./prose.ts";
import type { SceneParts } from "./scene_page.ts";

export const sourcePath = (file: string) => `source/${file}.html`;

/** The symbols that a file of TypeScript declares at its top level, with the line (from 1) of each. */
export function symbols(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const declaration =
    /^(?:export )?(?:default )?(?:abstract )?(?:async )?(?:function\*? ?|class |const |let |interface |type )(\w+)/;
  text.split("\n").forEach((line, n) => {
    const name = declaration.exec(line)?.[1];
    if (name && !found.has(name)) found.set(name, n + 1);
  });
  return found;
}

/**
 * The page of one file. Lines are `#L12`, symbols `#do_wp_page`.
 *
 * @param link where an import's specifier leads from this page, or undefined to leave it as it is
 * @param parts what stands before and after the text of a named scene
 */
export function sourcePage(
  file: string,
  text: string,
  link: (specifier: string) => string | undefined,
  parts?: SceneParts,
): Page {
  const code = text.replace(/\n$/, "");
  const isCode = file.endsWith(".ts");
  const lines = isCode
    ? highlightLines(
      code,
      (literal) => /^"\.{1,2}\//.test(literal) ? link(literal.slice(1, -1)) : undefined,
    )
    : markup`${code}`.text.split("\n");
  const anchors = new Map([...symbols(isCode ? text : "")].map(([name, line]) => [line, name]));
  return {
    path: sourcePath(file),
    title: file,
    description: `${file}: ${about(text)}`,
    kind: "source",
    main: markup`
      <header class="title">
        <p class="eyebrow">${parts ? "Scene" : "Source"}</p>
        <h1>${file}</h1>
      </header>
      ${parts?.before}<pre class="code" tabindex="0" role="group" aria-label="${file}"><code>${
      lines.map(
        (line, n) => {
          const anchor = anchors.get(n + 1);
          const inner = anchor
            ? markup`<span id="${anchor}">${new Html(line)}</span>`
            : new Html(line);
          return markup`<span class="line" id="L${n + 1}">${inner}\n</span>`;
        },
      )
    }</code></pre>
    ${parts?.after}`,
  };
}

/** The page of a text in Markdown. */
export function textPage(file: string, text: string, link: Context["link"]): Page {
  const [, title = file] = /^# (.*)$/m.exec(text) ?? [];
  const context: Context = { ids: new Set(["main"]), headings: [], heading: title, link };
  const body = text.replace(/^\s*# .*\n/, "");
  return {
    path: sourcePath(file),
    title: file,
    description: `${file}: ${title}`,
    kind: "text",
    main: markup`
      <header class="title">
        <p class="eyebrow">Source · ${file}</p>
        <h1>${inlineProse(title)}</h1>
      </header>
      <article>
      ${prose(body, context, references(body))}
      </article>
    `,
  };
}

/** The first sentence of a file's own comment, or the whole of one in a line of its own, as scenes and records have it. */
function about(text: string): string {
  const [, block] = /^\/\*\*\s*(?:\* )?([^]*?)(?:\.\s|\*\/)/m.exec(text) ?? [];
  const [, line] = /^# (.*)$/m.exec(text) ?? [];
  return block?.replace(/\s+\* ?/g, " ") ?? line ?? "a file of the course";
}
