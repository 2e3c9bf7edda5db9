import { test } from "uvu";
import * as assert from "uvu/assert";
import { lastNames, parseLedger } from "./ledger.ts";

const good = `# Sources
a-message:
  kind: message
  title: "Re: [PATCH] a: b"
  who: Michael S. Tsirkin, Gleb Natapov and Andrew Morton
  date: 2005-07-26
  link: https://example.org/1
"09854":
  kind: commit
  title: A commit
  release: "5.10"
  date: 2020
  link: ../sim/mod.ts
  note: with a note
`;
const first = (source: string) =>
  String(parseLedger(source).problems[0] ?? "accepted").split("\n")[0];

test("an entry has its fields as text, and its line", () => {
  const { entries, problems } = parseLedger(good);
  assert.equal(problems, []);
  assert.equal(
    [...entries.values()].map(({ id, line, date, release }) => [id, line, date, release]),
    [
      ["a-message", 2, "2005-07-26", undefined],
      ["09854", 8, "2020", "5.10"],
    ],
  );
  assert.equal(lastNames({ entries, problems }), ["Tsirkin", "Natapov", "Morton"]);
  assert.equal(parseLedger("---\n" + good).problems, []);
  assert.equal(parseLedger("# nothing yet\n").entries.size, 0);
});

test("an entry that is not complete is named at its line, and is no source", () => {
  const path = "chapters/ledger.yaml";
  const cases: [from: string, to: string, expected: string][] = [
    ["kind: message", "kind: mesage", ":2: error: `a-message` is of the kind `mesage`"],
    ["  kind: message\n", "", ":2: error: `a-message` has no `kind`"],
    ['"Re: [PATCH] a: b"', '""', ":2: error: `a-message` has no `title`"],
    ["who:", "by:", ":2: error: `a-message` has a field `by`"],
    ["  date: 2005-07-26\n", "", ":2: error: `a-message` has neither a date nor a release"],
    ["2005-07-26", "2005-7-26", ":2: error: the date of `a-message` is `2005-7-26`"],
    ["2005-07-26", "July 2005", ":2: error: the date of `a-message` is `July 2005`"],
    ["2005-07-26", "2005-02-30", ":2: error: the date of `a-message` is `2005-02-30`"],
    ["2005-07-26", "2006-02-29", ":2: error: the date of `a-message` is `2006-02-29`"],
    ["date: 2005-07-26", "date: {a: 1}", ":2: error: the date of `a-message` is no text"],
    ['"Re: [PATCH] a: b"', "{Re: a}", ":2: error: the title of `a-message` is no text"],
    ['"Re: [PATCH] a: b"', "[a]", ":2: error: the title of `a-message` is no text"],
    ['"Re: [PATCH] a: b"', "2005", ":2: error: the title of `a-message` is no text"],
    ["with a note", "true", ":8: error: the note of `09854` is no text"],
    ["https://example.org/1", "example.org", ":2: error: the link of `a-message` leads nowhere"],
    ["a-message:", "A_message:", ":2: error: `A_message` is not an id"],
    ['"5.10"', "5.10", ":8: error: the release of `09854` is a number"],
    ['"09854":', "70806e4645:", ":1: error: YAML reads an id as `Infinity`"],
  ];
  for (const [from, to, expected] of cases) {
    const changed = good.replace(from, to);
    assert.not.equal(changed, good);
    assert.ok(first(changed)!.startsWith(path + expected), first(changed));
    assert.is(parseLedger(changed).entries.size, 1);
  }
});

test("what is no YAML, or has an id twice, is refused at its line", () => {
  const refusal = (source: string) => {
    try {
      return first(source);
    } catch (error) {
      return String(error).split("\n")[0];
    }
  };

  const head = "error: the ledger is not YAML";
  assert.is(
    refusal(good + good),
    `chapters/ledger.yaml:16: ${head}: Cannot store mapping pair: duplicated key`,
  );
  assert.match(
    refusal("a:\n  title: b: c\n")!,
    /^chapters\/ledger\.yaml:2:\d+: error: the ledger is not YAML: Cannot read/,
  );
  assert.match(refusal("a: 1\n")!, "chapters/ledger.yaml:1: error: the entry `a` has no fields");
});

test("what follows a stray line of dashes in the ledger is refused there, and not dropped", () => {
  const split = good.replace('"09854":', '---\n"09854":');
  assert.throws(() => parseLedger(split), /more than 1 document/);
  assert.throws(
    () => parseLedger(`${good}a-message:\n  kind: page\n`),
    (error: Error) => String(error).startsWith("chapters/ledger.yaml:15: error:"),
  );
});

test.run();
