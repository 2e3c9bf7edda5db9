// Markdown to HTML, a piece at a time: the pieces of a chapter share their ids, their headings and their references.

import { escape, unescape } from "@std/html/entities";
import { Lexer, Marked, type Tokens } from "marked";
import { processColour } from "sim";
import { Html } from "./html.ts";
import { highlight } from "./highlight.ts";

/** What the pieces of one page share. */
export interface Context {
  /** Ids that are taken. */
  ids: Set<string>;
  /** Headings of the second level, for the contents. */
  headings: { id: string; text: string }[];
  /** The words of the latest heading, which a table below it is called by. */
  heading?: string;
  /** Whether single emphasis introduces terms here, as in a chapter before its sources. */
  terms?: boolean;
  /** Where a link leads, from its address and its text; throws when it leads nowhere. Without it, links are their words. */
  link?(address: string, text: string): string;
}

/** Reference definitions (`[id]: https://…`), by id in lower case. */
export type References = Lexer["tokens"]["links"];

/** All reference definitions of a document. */
export function references(source: string): References {
  const lexer = new Lexer();
  lexer.lex(source);
  return lexer.tokens.links;
}

/** Takes an id for this page: the wish in lower case and hyphens, as GitHub does it, with a number if it is taken. */
export function takeId(context: Context, wish: string): string {
  const slug = wish.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-") ||
    "section";
  let id = slug;
  for (let n = 1; context.ids.has(id); n++) id = `${slug}-${n}`;
  context.ids.add(id);
  return id;
}

/**
 * Renders Markdown. Of HTML it lets through a few harmless tags and drops comments; the rest is shown as text.
 *
 * @param known references that the whole document defines, wherever they stand
 */
export function prose(source: string, context: Context, known: References = {}): Html {
  const lexer = new Lexer();
  Object.assign(lexer.tokens.links, known);
  return new Html(renderer(context).parser(lexer.lex(source)));
}

/** Markdown in a line: a title, a question, a choice. */
export function inlineProse(
  source: string,
  context: Context = { ids: new Set(), headings: [] },
  known: References = {},
): Html {
  const lexer = new Lexer();
  Object.assign(lexer.tokens.links, known);
  const { Parser, defaults } = renderer(context);
  return new Html(new Parser(defaults).parseInline(lexer.inlineTokens(source)));
}

/** One to three words, as the check of terms has it (notebook/terms.ts): longer emphasis is stress. */
const term = /^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*(?:\s+[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*){0,2}$/u;
const harmless = /^<\/?(?:details|summary|kbd|sub|sup|br)\s*\/?>$/;

/** Who holds frames in the course's pictures, beside processes. */
const HOLDERS = new Map(
  [["pipe", "pipe"], ...["nic", "hca", "disk", "tape"].map((name) => [name, "device"] as const)],
);

/** An owner's name has its colour from the pictures. */
function ownerClass(text: string): string {
  const pid = /^pid (\d+)$/.exec(text)?.[1];
  return pid ? processColour(Number(pid)) : HOLDERS.get(text) ?? "";
}

function renderer(context: Context): Marked {
  return new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const inner = this.parser.parseInline(tokens);
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        const id = takeId(context, text);
        if (depth === 2) context.headings.push({ id, text });
        if (text === "Sources") context.terms = false;
        context.heading = unescape(text);
        // For the pointer; for whoever listens or goes by Tab, the contents lead to the same place.
        const anchor = `<a class="anchor" href="#${id}" aria-hidden="true" tabindex="-1"></a>`;
        return `<h${depth} id="${id}">${inner}${anchor}</h${depth}>\n`;
      },
      link({ href, tokens, text, raw }: Tokens.Link) {
        const counted = /^#count:(.+)$/.exec(href)?.[1];
        // A source that goes by its id, `[09854ba94c6a]`. The title of a definition is for readers of the Markdown.
        const traits = counted
          ? ` data-count="${escape(counted)}"`
          : raw === `[${text}]` && !/\s/.test(text)
          ? ' class="id"'
          : "";
        const inner = this.parser.parseInline(tokens);
        if (!context.link) return inner;
        return `<a href="${escape(context.link(href, text))}"${traits}>${inner}</a>`;
      },
      // No file that is no text is on the site, and nothing comes from another one.
      image({ text }: Tokens.Image) {
        return escape(text);
      },
      em({ tokens, text }: Tokens.Em) {
        const tag = context.terms && term.test(text) ? "dfn" : "em";
        return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
      },
      codespan({ text }: Tokens.Codespan) {
        const owner = ownerClass(text);
        return `<code${owner && ` class="${owner}"`}>${escape(text)}</code>`;
      },
      code({ text, lang }: Tokens.Code) {
        const inner = /^ts\b/.test(lang ?? "") ? highlight(text).text : escape(text);
        return `<pre tabindex="0" role="group" aria-label="Code"><code>${inner}</code></pre>\n`;
      },
      table({ header, rows, align }: Tokens.Table) {
        // With nothing in the corner the first column says what the rows are, as the first row does of the columns.
        const named = header[0]?.text === "";
        const cells = (row: Tokens.TableCell[], scope: (n: number) => string | false) =>
          row.map(({ tokens }, n) => {
            const inner = this.parser.parseInline(tokens);
            const as = align[n] ? ` class="${align[n]}"` : "";
            return scope(n)
              ? `<th${as} scope="${scope(n)}">${inner}</th>`
              : `<td${as}>${inner}</td>`;
          }).join("");
        const head = cells(header, (n) => !(named && n === 0) && "col");
        const body = rows.map((row) =>
          `<tr>${cells(row, (n) => named && n === 0 && "row")}</tr>\n`
        );
        const name = escape(context.heading ?? "");
        return `<div class="wide" tabindex="0" role="group" aria-label="Table${
          name && `: ${name}`
        }">` +
          `<table${name && ` aria-label="${name}"`}>\n<thead><tr>${head}</tr></thead>\n` +
          `<tbody>${body.join("")}</tbody>\n</table></div>\n`;
      },
      html({ text }: Tokens.HTML | Tokens.Tag) {
        return text.replace(/<!--.*?-->/gs, "").replace(
          /<[^>]*>|[<>]/g,
          (tag) => harmless.test(tag) ? tag : escape(tag),
        );
      },
    },
  });
}
