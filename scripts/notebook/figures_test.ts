import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { counted, countProblems, staleFigures } from "./figures.ts";
import type { CellResult } from "./harness.ts";
import { applied, print } from "./chapter.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const text = (link: string) =>
  markdown(`\`\`\`ts id=lost-write\ncount("lost", 3, 20);\n\`\`\`\n\nOf all, ${link} lose.\n`);
const chapterWith = (link: string) => parse(text(link), "chapters/90-counts.md");
const results: CellResult[] = [
  { index: 0, items: [], counts: { lost: { value: 3, of: 20 }, all: { value: 20 } } },
];
const said = (link: string, of = results) => {
  const body = bodyOf(chapterWith(link));
  const stale = staleFigures(body, [counted(body.chapter, of)]).map(({ problem }) => problem);
  return [...stale, ...countProblems(body, of)].map((problem) => String(problem));
};

test("a number in the prose is what its cell counted", () => {
  assert.equal(said("[3 of 20](#count:lost-write.lost), [20](#count:lost-write.all)"), []);
});

test("a wrong number, an unknown name and a count without an id are named", () => {
  const path = "chapters/90-counts.md";
  const [wrong] = said("[4 of 20](#count:lost-write.lost)");
  assert.match(wrong!, `${path}:14: error: the text says 4 of 20, \`lost-write.lost\` is 3 of 20`);
  assert.match(wrong!, "deno task chapter counts --accept");
  const [unknown] = said("[3](#count:lost-write.losd)");
  assert.match(unknown!, `${path}:14: error: no cell counts \`lost-write.losd\``);
  assert.match(unknown!, "Did you mean `#count:lost-write.lost`?");
  const error = { name: "Error", message: "" };
  assert.equal(said("[3](#count:lost-write.losd)", [{ index: 0, items: [], error }]), []);
  const nameless = parse(text("x").replace(" id=lost-write", ""), path);
  assert.match(
    String(countProblems(bodyOf(nameless), results)[0]),
    `${path}:10: error: cell 1 counts and has no id`,
  );
});

test("numbers are rewritten, and nothing else", () => {
  const accepted = (source: string) => {
    const chapter = parse(source, "chapters/90-counts.md");
    const found = staleFigures(bodyOf(chapter), [counted(chapter, results)]);
    const rewritten = found.map(({ told }) => told!).map(({ line, before, after }) => ({
      line,
      before,
      after,
    }));
    const edits = found.flatMap(({ edit }) => edit ?? []);
    return [applied(print(chapter), edits), rewritten] as const;
  };
  const right = "[3 of 20](#count:lost-write.lost) of [20](#count:lost-write.all)";
  const wrong = "[0 of 1](#count:lost-write.lost) of [x\\$&](#count:lost-write.all)";
  const example = " and `[0 of 1](#count:lost-write.lost)`, [1](#count:no.no)";
  const [after, rewritten] = accepted(text(wrong + example));
  assert.is(after, text(right + example));
  assert.equal(rewritten, [
    { line: 14, before: "0 of 1", after: "3 of 20" },
    { line: 14, before: "x\\$&", after: "20" },
  ]);
  assert.equal(accepted(text(right)), [text(right), []]);
  const crlf = text(`> [0\n> of 1](#count:lost-write.lost)\n\n[1 of\n2](#count:lost-write.lost)`);
  assert.is(
    accepted(crlf.replaceAll("\n", "\r\n"))[0],
    crlf.replace("1 of\n2", "3 of 20").replaceAll("\n", "\r\n"),
  );
});

test.run();
