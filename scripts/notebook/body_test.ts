import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf, CODE, lineIn } from "./body.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const source = `# A *title*

Words [a
b][x] and \`code
span\`, _page
fault_ &amp; an \\_.

- item [one](../sim/mod.ts)
  more
- item two

  its second paragraph [\`Lab\`](../sim/lab.ts)

  - nested
    item

\`\`\`ts
const notProse = 1;
\`\`\`

> a quote
>
> - with an item
>
> and an end, [X][]

| a | b |
| - | - |
| c | [x] |

## Sources

- [x]: a title

[x]: https://example.org/
`;
const body = bodyOf(parse(markdown(source), "chapters/90-body.md"));

test("each block of prose has its line and its plain text", () => {
  assert.equal(body.blocks.map(({ line, text, kind, sources }) => [line, text, kind, sources]), [
    [10, "A title", "heading", false],
    [12, `Words a\nb and ${CODE}\n, page\nfault & an _.`, "text", false],
    [17, "item one\nmore", "text", false],
    [19, "item two", "text", false],
    [21, `its second paragraph ${CODE}`, "text", false],
    [23, "nested\nitem", "text", false],
    [30, "a quote", "text", false],
    [32, "with an item", "text", false],
    [34, "and an end, X", "text", false],
    [36, "a b ", "row", false],
    [38, "c x ", "row", false],
    [40, "Sources", "heading", true],
    [42, "x: a title", "text", true],
  ]);
});

test("links and stress have their lines", () => {
  const links = body.blocks.flatMap(({ links }) => links);
  assert.equal(links.map(({ line, id, href, code }) => [line, id, href, code]), [
    [12, "x", "https://example.org/", undefined],
    [17, undefined, "../sim/mod.ts", undefined],
    [21, undefined, "../sim/lab.ts", "Lab"],
    [34, "x", "https://example.org/", undefined],
    [38, "x", "https://example.org/", undefined],
    [42, "x", "https://example.org/", undefined],
  ]);
  assert.equal(body.definitions, [
    { id: "x", href: "https://example.org/", line: 44, sources: true },
  ]);
  const block = body.blocks[1]!;
  assert.equal(block.stressed.map(({ text, at }) => [text, lineIn(block, at)]), [
    ["page\nfault", 14],
  ]);
});

test("a chapter in CRLF has the same lines", () => {
  const crlf = parse(markdown(source).replaceAll("\n", "\r\n"), "chapters/90-body.md");
  assert.equal(bodyOf(crlf).blocks, body.blocks);
});

test.run();
