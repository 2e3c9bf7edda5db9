import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { parse } from "./markdown.ts";
import { termLines, termProblems, termsOf } from "./terms.ts";
import { markdown } from "./testing.ts";

const terms = (...texts: string[]) =>
  termsOf(texts.map((text, at) => bodyOf(parse(markdown(text), `chapters/9${at}-terms.md`))));
const said = (...texts: string[]) =>
  termProblems(terms(...texts)).map((problem) => String(problem).split("\n")[0]!);

test("a term is one to three words in single emphasis, without punctuation", () => {
  const text = "_page fault_, _copy-on-write_, *Frame*, _page-table\nentry_, **bold**, " +
    "_is it one?_, _a term of four words_, _`code`_, _a, b_\n";
  assert.equal(terms(text).map(({ name, introduced }) => [name, introduced.line]), [
    ["page fault", 10],
    ["copy-on-write", 10],
    ["frame", 10],
    ["page-table entry", 10],
  ]);
});

test("a term that is used before it is introduced is named where it is used", () => {
  const cases: [used: string, early: boolean][] = [
    ["A page fault.", true],
    ["Page\nfaults happen.", true],
    ["[a page fault](https://example.org/)", true],
    ["# On page faults", true],
    ["_what is a page fault?_", true],
    ["- a *page fault or two* in a list", true],
    ["A `page fault` in code", false],
    ["A page faulted, a page-fault, one page, a fault", false],
    ["```ts\n// a page fault\n```", false],
  ];
  for (const [used, early] of cases) {
    assert.is(said(`${used}\n\nA _page fault_.`).length, early ? 1 : 0, used);
  }
  assert.is(said("A page fault, a _page fault_.").length, 1);
  assert.is(said("A _page fault_, a page fault.").length, 0);
  const [first] = said("# Text\n\nThe page\nfault.", "A _page fault_.");
  assert.is(first, "chapters/90-terms.md:12: error: _page fault_ is used before it is introduced");
  assert.equal(said("A page-table entry here", "No _entry_"), [
    "chapters/90-terms.md:10: error: _entry_ is used before it is introduced",
  ]);
  assert.equal(said("_entry_ and entries", "## Sources\n\nan entry"), []);
  assert.equal(said("All entries", "An _entry_").length, 1);
  assert.equal(said("A page fault.\n\n## Sources\n").length, 0);
});

test("the front matter is read, the sources are not", () => {
  assert.match(said("A _test_.")[0]!, "chapters/90-terms.md:2: error: _test_ is used before");
  assert.equal(said("## Sources\n\n- a page fault", "A _page fault_."), []);
});

test("a term is introduced once", () => {
  assert.equal(said("A _frame_.\n\nTwo _frames_.", "Its _frame_."), [
    "chapters/90-terms.md:12: error: _frame_ is introduced a second time",
    "chapters/91-terms.md:10: error: _frame_ is introduced a second time",
  ]);
});

test("terms are listed with where they are introduced and first used", () => {
  assert.equal(termLines(terms("A _page fault_.\n\nPage faults.", "A _frame_.")), [
    "page fault  chapters/90-terms.md:10  first used chapters/90-terms.md:12",
    "frame       chapters/91-terms.md:10  not used again",
  ]);
});

test.run();
