// A chapter's prose as what the checks ask about: blocks of plain text, and what is linked and stressed in them, each at
// its line. Cells, outputs and questions are not in it, code spans are a placeholder.

import { unescape } from "@std/html/entities";
import { Lexer, type Token, type Tokens } from "marked";
import { type Chapter, linesOf, print } from "./chapter.ts";

/** Between these stands the table that records.ts makes. */
export const OPEN = "<!-- hazards -->", CLOSE = "<!-- /hazards -->";
const made = new RegExp(`${OPEN}[^]*?${CLOSE}`, "g");

/** Stands for a code span in a block's text. */
export const CODE = "\ufffc";

/** A link as the prose has it. */
export interface Link {
  line: number;
  /** As it is written. */
  raw: string;
  text: string;
  /** The code span that its text consists of. */
  code?: string;
  href: string;
  /** The id of a reference link, in lower case. */
  id?: string;
}

/** A heading, a paragraph, the text of a list's item, or the row of a table. */
export interface Block {
  kind: "heading" | "text" | "row";
  line: number;
  /** Plain text with the line ends of the source. */
  text: string;
  /** The code spans, in order. */
  code: string[];
  links: Link[];
  /** What stands in single emphasis, and where it begins in `text`. */
  stressed: { text: string; at: number }[];
  /** Whether it holds a picture. */
  picture: boolean;
  /** Whether it stands under "## Sources". */
  sources: boolean;
}

/** `[id]: address`. */
export interface Definition {
  id: string;
  href: string;
  line: number;
  sources: boolean;
}

/** The prose of one chapter. */
export interface Body {
  chapter: Chapter;
  blocks: Block[];
  definitions: Definition[];
}

/** Reads the prose of a chapter. */
export function bodyOf(chapter: Chapter): Body {
  const source = print(chapter).slice(chapter.head.length).replace(/\r(\n?)/g, "$1")
    .replace(made, (table) => table.replace(/[^\n]/g, "")); // nobody wrote it, and its lines stay
  const reader = new Reader();
  reader.blocks(new Lexer().lex(source), linesOf(chapter.head).length + 1);
  return { chapter, blocks: reader.found, definitions: reader.definitions };
}

/** The blocks of another piece of Markdown, whose first line is `line`. */
export function blocksIn(markdown: string, line: number): Block[] {
  const reader = new Reader();
  reader.blocks(new Lexer().lex(markdown.replace(/\r(\n?)/g, "$1")), line);
  return reader.found;
}

/** Does a chapter have a place for the table of hazards? */
export function hasHazards(chapter: Chapter): boolean {
  return print(chapter).includes(OPEN);
}

/** What a link's address begins with that says where a scene was seen; records.ts knows its text. */
export const SEEN = "#seen:";

/** Does a chapter say where a scene was seen? */
export function hasSeen(chapter: Chapter): boolean {
  return print(chapter).includes(SEEN);
}

/** Where a block says what stands at `at`. */
export function lineIn(block: Pick<Block, "line" | "text">, at: number): number {
  return block.line + newlines(block.text.slice(0, at));
}

const newlines = (text: string): number => text.split("\n").length - 1;

/** Follows the tokens down; marked gives no lines, but every line end stands in some token's `raw`. */
class Reader {
  readonly found: Block[] = [];
  readonly definitions: Definition[] = [];
  #sources = false;

  blocks(tokens: readonly Token[], first: number): void {
    let line = first;
    for (const token of tokens) {
      this.#block(token, line);
      line += newlines(token.raw);
    }
  }

  #block(token: Token, line: number): void {
    const { tokens = [] } = token as { tokens?: Token[] };
    switch (token.type) {
      case "heading":
        if (token.depth <= 2) this.#sources = /^Sources$/i.test(token.text.trim());
        return this.#add("heading", line, tokens);
      case "paragraph":
      case "text":
        return this.#add("text", line, tokens.length > 0 ? tokens : [token]);
      case "blockquote":
        return this.blocks(tokens, line);
      case "list":
        for (const item of (token as Tokens.List).items) {
          this.blocks(item.tokens, line);
          line += newlines(item.raw);
        }
        return;
      case "table": {
        const { header, rows } = token as Tokens.Table;
        for (const [at, row] of [header, ...rows].entries()) {
          const cells = row.flatMap(({ tokens }) => [...tokens, { type: "gap", raw: "" }]);
          this.#add("row", line + at + (at > 0 ? 1 : 0), cells);
        }
        return;
      }
      case "def": {
        const { tag, href } = token as Tokens.Def;
        this.definitions.push({ id: tag, href, line, sources: this.#sources });
      }
    }
  }

  #add(kind: Block["kind"], line: number, tokens: readonly Token[]): void {
    const block: Block = {
      kind,
      line,
      text: "",
      code: [],
      links: [],
      stressed: [],
      picture: false,
      sources: this.#sources,
    };
    this.#inline(block, tokens);
    this.found.push(block);
  }

  #inline(block: Block, tokens: readonly Token[]): void {
    for (const token of tokens) {
      const at = block.text.length;
      const { tokens: inner } = token as { tokens?: Token[] };
      if (token.type === "link") block.links.push(linkOf(token as Tokens.Link, lineIn(block, at)));
      if (token.type === "image") block.picture = true;
      if (token.type === "codespan") {
        block.text += CODE;
        block.code.push(token.text);
      } else if (token.type === "gap" || token.type === "image") block.text += " ";
      else if (inner) this.#inline(block, inner);
      else if (token.type !== "html" && token.type !== "br" && "text" in token) {
        block.text += unescape(token.text);
      }
      if (token.type === "em") block.stressed.push({ text: block.text.slice(at), at });
      block.text += "\n".repeat(
        Math.max(0, newlines(token.raw) - newlines(block.text.slice(at))),
      );
    }
  }
}

function linkOf({ raw, text, href, tokens }: Tokens.Link, line: number): Link {
  const [only, more] = tokens;
  const code = only?.type === "codespan" && !more ? { code: only.text } : {};
  const [, id] = raw.match(/(?:\]\[|^\[)([^\][]+)\](?:\[\])?$/) ?? [];
  return {
    line,
    raw,
    text,
    href,
    ...code,
    ...id && { id: id.toLowerCase().replace(/\s+/g, " ") },
  };
}
