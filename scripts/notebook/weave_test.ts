import { test } from "uvu";
import * as assert from "uvu/assert";
import { linesOf, print } from "./chapter.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";
import { toClassic, weave } from "./weave.ts";

const source = markdown(`Prose with \u2028 and \r in it, and \`*/ \${\`.

\`\`\`ts id=a
import { Lab } from "sim";
import type { View } from "sim";
const a: number = [1, 2]
  .length as number;
\`\`\`

\`\`\`output
2
\`\`\`

\`\`\`ts ignore
this is not TypeScript
\`\`\`

\`\`\`ts throws=EFAULT
new Lab(kernel).store(1, 0, \`x
y\`);
\`\`\`
`);
const chapter = parse(source, "chapters/07-a-test.md");

test("weave() keeps every line of code on its line, and no prose", () => {
  const before = linesOf(source);
  const after = linesOf(weave(chapter, "key"));
  assert.is(after.length, before.length + 1);
  const code = [13, 14, 15, 16, 28, 29].map((line) => line - 1);
  for (const [at, line] of before.entries()) {
    if (code.includes(at)) assert.is(after[at], line);
    else {assert.match(
        after[at]!,
        /^(?:\/\/|__cell\("key", \d.*|\} catch .*|const \{ console.*)\n$/,
      );}
  }
  assert.is(after[11], '__cell("key", 0);\n');
  assert.is(after[26], '__cell("key", 2, "EFAULT"); try {\n');
  assert.is(after.at(-1), "export {};\n");
});

test("weave() of a chapter whose prose alone was edited is the same", () => {
  const edited = parse(print(chapter).replace("Prose with", "Text with"), chapter.path);
  assert.is(weave(edited, "key"), weave(chapter, "key"));
});

test("weave() of a chapter in CRLF keeps its lines, too", () => {
  const crlf = parse(source.replace(/\r /, "").replaceAll("\n", "\r\n"), chapter.path);
  assert.is(weave(crlf, "key").split("\n").length, weave(chapter, "key").split("\n").length);
  assert.is(weave(crlf, "key").split("\n")[14], "const a: number = [1, 2]\r");
});

test("toClassic() is one expression without types, line for line", () => {
  const classic = toClassic(weave(chapter, "key"));
  const lines = classic.split("\n");
  assert.match(lines[12]!, "require('sim')");
  assert.match(lines[14]!, /^const a = \[1, 2\]/);
  assert.match(lines[27]!, /Lab\)?\(kernel\)\.store/);
  assert.is(lines.at(-1), "})");
  assert.type((0, eval)(classic), "function");
});

test.run();
