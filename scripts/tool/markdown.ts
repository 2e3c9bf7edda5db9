// Markdown as lines for a terminal, wrapped and coloured. Where colours are off, Markdown's own marks do their work.

import * as colors from "@std/fmt/colors";
import { unescape } from "@std/html/entities";
import { Lexer, type Token, type Tokens } from "marked";
import { printable } from "./printable.ts";
import { columnsOf, fold, pad, painted, type Span, widthsOf, wrap } from "./text.ts";

type Paint = (text: string) => string;

/** A whole document as lines, with what the numbers after its links stand for below. */
export function markdownLines(source: string, folder: string, columns: number): string[] {
  const prose = new ProseWriter(source, folder, columns);
  const lines = prose.lines(source), references = prose.references();
  return references.length > 0 ? [...lines, "", ...references] : lines;
}

/** Renders the pieces of one document: they share its reference definitions, and the numbers of its links. */
export class ProseWriter {
  readonly columns: number;
  #links: Lexer["tokens"]["links"];
  /** Addresses in the order of their numbers, and what the definition calls them. */
  #targets = new Map<string, string>();
  #folder: string;

  /** `source` is the whole document, `folder` where it lies, `chapters/`: its relative links start there. */
  constructor(source: string, folder: string, columns: number) {
    const lexer = new Lexer();
    lexer.lex(source);
    this.#links = lexer.tokens.links;
    this.#folder = folder;
    this.columns = columns;
  }

  /** The lines of a piece of the document, with a blank line between two blocks; `indent` is left free in each. */
  lines(markdown: string, indent = 0): string[] {
    const lexer = new Lexer();
    Object.assign(lexer.tokens.links, this.#links);
    return this.#blocks(lexer.lex(markdown), this.columns - indent);
  }

  /** What the numbers after links stand for, a line each. */
  references(): string[] {
    return [...this.#targets].flatMap(([address, title], index) => {
      const number = `[${index + 1}] `;
      const text = title ? `${title} ${address}` : address;
      const [first = [], ...rest] = wrap([{ text: printable(text) }], this.columns - number.length);
      const hang = " ".repeat(number.length);
      return [colors.dim(number) + painted(first), ...rest.map((line) => hang + painted(line))];
    });
  }

  #blocks(tokens: readonly Token[], columns: number, gap: string[] = [""]): string[] {
    const blocks = tokens.map((token) => this.#block(token, columns)).filter((lines) =>
      lines.length
    );
    return blocks.flatMap((lines, index) => index > 0 ? [...gap, ...lines] : lines);
  }

  #block(token: Token, columns: number): string[] {
    const wrapped = (spans: Span[]) => wrap(spans, columns).map(painted);
    switch (token.type) {
      case "heading": {
        const text = this.#inline(childrenOf(token), colors.bold);
        const marked = token.depth > 2 ? [{ text: `${"#".repeat(token.depth)} ` }, ...text] : text;
        const lines = wrapped(marked);
        if (token.depth > 2) return lines;
        const long = Math.max(...lines.map(columnsOf));
        return [...lines, colors.dim((token.depth === 1 ? "=" : "-").repeat(long))];
      }
      case "paragraph":
      case "text":
        return wrapped(this.#inline(token.tokens ?? [token]));
      case "list":
        return this.#list(token as Tokens.List, columns);
      case "blockquote": {
        const bar = colors.dim("> ");
        return this.#blocks(token.tokens ?? [], columns - 2).map((line) =>
          `${bar}${line}`.trimEnd()
        );
      }
      case "code":
        return printable(token.text).split("\n").flatMap((line) =>
          fold([{ text: line }], columns - 4).map((part) => `    ${painted(part)}`.trimEnd())
        );
      case "table":
        return this.#table(token as Tokens.Table, columns);
      case "hr":
        return [colors.dim("-".repeat(Math.min(columns, 20)))];
      case "html": {
        const text = withoutTags(token.text).trim();
        return text ? wrapped([{ text }]) : [];
      }
      default: // blank lines, and definitions, which references() shows
        return [];
    }
  }

  #list({ ordered, start, items, loose }: Tokens.List, columns: number): string[] {
    return items.flatMap((item, index) => {
      const mark = ordered ? `${Number(start) + index}. ` : "- ";
      const gap = loose ? [""] : [];
      const lines = this.#blocks(item.tokens, columns - mark.length, gap);
      const hang = " ".repeat(mark.length);
      return [
        ...index > 0 ? gap : [],
        ...lines.map((line, at) => line && (at === 0 ? mark : hang) + line),
      ];
    });
  }

  /** In columns where they fit; else a row is a small list of its own. */
  #table({ header, rows }: Tokens.Table, columns: number): string[] {
    const cells = [header, ...rows].map((row, index) =>
      row.map(({ tokens }) => this.#inline(tokens, index === 0 ? colors.bold : undefined))
    );
    const widths = widthsOf(cells.map((row) => row.map(painted)));
    if (widths.reduce((sum, width) => sum + width + 2, -2) <= columns) {
      const [first = "", ...rest] = cells.map((row) =>
        row.map((spans, at) => pad(painted(spans), widths[at]!)).join("  ").trimEnd()
      );
      return [first, colors.dim(widths.map((width) => "-".repeat(width)).join("  ")), ...rest];
    }
    const [names = [], ...records] = cells;
    return records.flatMap((row, index) => [
      ...index > 0 ? [""] : [],
      ...row.flatMap((spans, at) => {
        const name = painted(names[at] ?? []) ? [...names[at]!, { text: ": " }] : [];
        const lines = wrap([...name, ...spans], columns - 2);
        return lines.map((line, part) => (at + part > 0 ? "  " : "") + painted(line));
      }),
    ]);
  }

  #inline(tokens: readonly Token[], paint?: Paint): Span[] {
    const styled = (token: Token, style: Paint, mark: string): Span[] => {
      const inner = this.#inline(childrenOf(token), (text) => style(paint ? paint(text) : text));
      return colors.getColorEnabled() || !mark ? inner : [{ text: mark }, ...inner, { text: mark }];
    };
    const plain = (text: string): Span => ({
      text: printable(unescape(text.replace(/\s+/g, " "))),
      ...(paint ? { paint } : {}),
    });
    return tokens.flatMap((token): Span[] => {
      switch (token.type) {
        case "strong":
          return styled(token, colors.bold, "**");
        case "em":
          return styled(token, colors.italic, "*");
        case "del":
          return styled(token, colors.dim, "~~");
        case "codespan": {
          const text = printable(token.text);
          return [
            colors.getColorEnabled() ? { text, paint: colors.cyan } : { text: `\`${text}\`` },
          ];
        }
        case "br":
          return [{ text: "\n" }];
        case "html":
          return /^<br\b/i.test(token.text) ? [{ text: "\n" }] : [];
        case "image":
          return [plain(`[picture: ${token.text}]`)];
        case "link":
          return this.#link(token as Tokens.Link, styled(token, colors.underline, ""));
        default:
          return "tokens" in token && token.tokens
            ? this.#inline(token.tokens, paint)
            : [plain("text" in token ? String(token.text) : token.raw)];
      }
    });
  }

  /** A link's text and a number; none for a place in the same page, or where the text is the address. */
  #link({ href, title, text }: Tokens.Link, spans: Span[]): Span[] {
    if (href.startsWith("#") || href === text || href === `mailto:${text}`) return spans;
    const address = /^[a-z][a-z0-9+.-]*:/i.test(href)
      ? href
      : URL.parse(href, `file:///${this.#folder}`)?.pathname.slice(1) ?? href;
    if (!this.#targets.has(address)) this.#targets.set(address, title ?? "");
    const number = [...this.#targets.keys()].indexOf(address) + 1;
    return [...spans, { text: ` [${number}]`, paint: colors.dim }];
  }
}

function childrenOf(token: Token): Token[] {
  return "tokens" in token && token.tokens ? token.tokens : [];
}

function withoutTags(html: string): string {
  return printable(
    unescape(html.replace(/<!--[^]*?-->/g, "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ")),
  );
}
