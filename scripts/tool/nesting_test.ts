// Markdown that would take the reader's time is refused at its line, and what people write is not.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { refuseDeep } from "./nesting.ts";

const said = (markdown: string) => {
  try {
    return refuseDeep(markdown, "a.md", 3);
  } catch (error) {
    return String(error).split("\n")[0];
  }
};

test("quotes in quotes and lists in lists are refused where they are too deep", () => {
  const deep = (line: number) => `a.md:${line}: error: quotes or lists are nested too deep here`;
  assert.is(said(`a\n${"> ".repeat(3_000)}`), deep(5));
  assert.is(said(`a\n\n${">".repeat(21)} b`), deep(6));
  assert.is(said("- ".repeat(3_000)), deep(4));
  assert.is(said(`a\nb\r${"> ".repeat(30)}`), deep(5));
  assert.is(said("> 1. ".repeat(30)), deep(4));
  assert.is(
    said(Array.from({ length: 40 }, (_, i) => `${"  ".repeat(i)}- a`).join("\n")),
    deep(35),
  );
});

test("a paragraph of more marks than anybody reads is refused, and so many paragraphs are not", () => {
  const full = "a.md:5: error: a paragraph has more than 1000 marks of Markdown";
  assert.is(said(`a\n${"*a ".repeat(3_000)}`), full);
  assert.is(said(`${"[".repeat(900)}\n${"_a".repeat(900)}`), full);
  assert.is(said("*a* [b]\n\n".repeat(3_000)), undefined);
});

test("what stands in a fence, in the middle of a line, or only looks deep is left alone", () => {
  const deep = "> ".repeat(30);
  for (
    const fine of [
      `\`\`\`\n${deep}\n\`\`\``,
      `~~~~\n\`\`\`\n${deep}\n~~~~`,
      `a ${deep}`,
      "> > - 1. a",
    ]
  ) {
    assert.is(said(fine), undefined, fine);
  }
  assert.is(said(`${" ".repeat(90)}text`), undefined);
  // A fence that a quote holds ends with the quote, and one that is open is not opened again.
  assert.match(said(`> \`\`\`\n${deep}`)!, "a.md:5:");
  assert.match(said(`\`\`\`\n\`\`\`ts\n\`\`\`\n${deep}`)!, "a.md:7:");
  assert.is(said("-".repeat(80)), undefined);
  assert.is(said(`\`\`\`\n\`\`\`\n${deep}`)!.slice(0, 7), "a.md:6:");
});

test.run();
