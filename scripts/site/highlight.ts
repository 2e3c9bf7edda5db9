// TypeScript in colours: Lezer's tokens become spans with one-letter classes, which style/base.css colours twice.

import { highlightCode, tagHighlighter, tags as t } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import { escape } from "@std/html/entities";
import { Html } from "./html.ts";

const typescript = parser.configure({ dialect: "ts" });

const classes = tagHighlighter([
  {
    tag: [t.keyword, t.operatorKeyword, t.controlKeyword, t.modifier, t.self, t.null, t.bool],
    class: "k",
  },
  { tag: [t.string, t.special(t.string), t.regexp, t.escape], class: "s" },
  { tag: t.number, class: "n" },
  { tag: t.comment, class: "c" },
  { tag: t.typeName, class: "t" },
  { tag: [t.definition(t.variableName), t.definition(t.propertyName)], class: "d" },
  { tag: [t.function(t.variableName), t.function(t.propertyName)], class: "f" },
]);

/**
 * Lines of TypeScript as HTML, one string a line, without the line ends.
 *
 * @param link turns a string literal (with its quotes) into an address, or leaves it
 */
export function highlightLines(
  code: string,
  link?: (literal: string) => string | undefined,
): string[] {
  const lines = [""];
  highlightCode(code, typescript.parse(code), classes, (text, name) => {
    const address = name === "s" ? link?.(text) : undefined;
    const inner = address ? `<a href="${escape(address)}">${escape(text)}</a>` : escape(text);
    lines[lines.length - 1] += name ? `<span class="${name}">${inner}</span>` : inner;
  }, () => lines.push(""));
  return lines;
}

/** A cell's code as HTML, with its line ends. */
export function highlight(code: string): Html {
  return new Html(highlightLines(code.replace(/\n$/, "")).join("\n"));
}
