import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { parseLedger } from "./ledger.ts";
import { parse } from "./markdown.ts";
import { sourceProblems, unusedEntries } from "./sources.ts";
import { markdown } from "./testing.ts";

const entry = (id: string) =>
  `${id}:\n  kind: page\n  title: T\n  date: 2005\n  link: https://example.org/${id}\n`;
const ledger = parseLedger(["one", "two"].map(entry).join(""));
const body = (text: string) => bodyOf(parse(markdown(text), "chapters/90-sources.md"));
const said = (text: string, known: typeof ledger | undefined = ledger) =>
  sourceProblems(body(text), known).map((problem) => String(problem).split("\n")[0]);

const good = `Words [one][one], \`a[0][1]\` and [Two].

\`\`\`ts
const notALink = [[1]][0][0];
\`\`\`

## Sources

- [one]: the first
- [two]: the second

[one]: https://example.org/one
[two]: https://example.org/two
`;

test("cited, defined and in the ledger: nothing to say", () => {
  assert.equal(said(good), []);
  assert.equal(said("Nothing is cited, and [x] is in brackets.\n"), []);
  assert.equal(unusedEntries([body(good)], ledger), []);
});

test("a title under the sources is the ledger's, whatever stands before and behind it", () => {
  const titled = parseLedger(
    ["one", "two"].map(entry).join("").replace("title: T", "title: 'A \"B\" in \u005bC\u005d'"),
  );
  const listed = (item: string) => said(good.replace("- [one]: the first", item), titled);
  assert.equal(listed('- [one]: Ada Example, "A "B" in [C]", the first of "Others", 5.18.'), []);
  assert.equal(listed('- [one]: Ada Example, "A\n  "B" in [C]", 5.18.'), []);
  assert.equal(listed('- [one]: "A "B" in", 5.18.'), [
    "chapters/90-sources.md:18: error: the title of `one` is not the ledger's",
  ]);
});

test("each break in the chain is named at its line", () => {
  const path = "chapters/90-sources.md";
  const cases: [from: string, to: string, expected: string][] = [
    ["[one][one]", "[one][three]", ":10: error: `three` is not in the ledger"],
    ["[one]: https://example.org/one\n", "", ":10: error: `one` is not defined in this chapter"],
    ["[two]: https://example.org/two\n", "", ":10: error: `two` is not defined in this chapter"],
    ["org/one\n", "org/One\n", ":21: error: `one` leads somewhere else than the ledger says"],
    [" and [Two]", "", ":22: error: nothing above the sources cites `two`"],
    ["## Sources", "## Other", ":21: error: `one` is defined before the sources"],
    [
      "org/two\n",
      "org/two\n[two]: https://example.org/two\n",
      ":23: error: `two` is defined twice",
    ],
  ];
  for (const [from, to, expected] of cases) {
    const changed = good.replace(from, to);
    assert.not.equal(changed, good);
    const [first] = said(changed);
    assert.ok(first?.startsWith(path + expected), `${first}, not ${expected}`);
  }
  assert.match(
    String(sourceProblems(body(good.replace("[one][one]", "[one][onne]")), ledger)[0]),
    "Did you mean `one`?",
  );
});

test("without a ledger, a chapter that cites says so once", () => {
  assert.equal(
    sourceProblems(body(good), undefined).map((problem) => String(problem).split("\n")[0]),
    [
      "chapters/90-sources.md:10: error: 2 sources are cited, and there is no ledger",
    ],
  );
  assert.equal(sourceProblems(body("Nothing is cited.\n"), undefined), []);
});

test("an entry that no chapter cites is named in the ledger", () => {
  const one = body(good.replace(" and [Two]", ""));
  assert.equal(unusedEntries([one], ledger).map((problem) => String(problem).split("\n")[0]), [
    "chapters/ledger.yaml:6: error: no chapter cites `two`",
  ]);
  assert.equal(unusedEntries([one, body(good)], ledger), []);
});

test.run();
