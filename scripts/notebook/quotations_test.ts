// Who wrote what: chapters, briefs and notes are held against the file of quotations, and that file against the documents
// themselves, where they are: in the folder that QUOTED_DOCUMENTS names, or in a folder `sources` beside this checkout's.

import { fromFileUrl } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { root } from "./files.ts";
import { parseLedger, readLedger } from "./ledger.ts";
import { parse } from "./markdown.ts";
import {
  oneLine,
  parseQuotes,
  quotationProblems,
  quotationsIn,
  quotationsOf,
  quotationsOfNotes,
  readQuotes,
  unusedQuotes,
} from "./quotations.ts";
import { markdown } from "./testing.ts";

const ledger = parseLedger(
  "one:\n  kind: page\n  title: The first page\n  date: 2005\n  link: https://example.org/one\n" +
    '  note: it says "so far"\n',
);
const quotes = parseQuotes(
  "one:\n  - as far as I know, so far\n  - nasty\n  - never quoted\n",
  ledger,
);
const said = (text: string) => {
  const found = quotationsOf(bodyOf(parse(markdown(text), "chapters/90-said.md")));
  return quotationProblems(found, quotes, ledger).map((problem) => String(problem).split("\n")[0]);
};

test("words between quotation marks are a part of what somebody wrote, or a title", () => {
  assert.equal(said('It is "as far\nas I know", and "nasty"; see "The first page".\n'), []);
  assert.equal(said('`console.log("anything")` is code.\n\n```sh\necho "anything"\n```\n'), []);
  assert.equal(said('# Title\n\n## Sources\n\n- "Another title", 2005.\n'), []);
  assert.equal(said('It says "as `far` as I know".\n'), []);
});

test("what nobody wrote is named at its line, in questions, too", () => {
  const path = "chapters/90-said.md", nobody = "error: nobody is known to have written";
  assert.equal(said('It is\nas "far as we know".\n'), [`${path}:11: ${nobody} "far as we know"`]);
  assert.equal(said('A part of a word: "s far as I know".\n'), [
    `${path}:10: ${nobody} "s far as I know"`,
  ]);
  assert.equal(said('One word: "far".\n'), [`${path}:10: ${nobody} "far"`]);
  const asked = '```predict\nIs it "new"?\n- yes: `1`\n- "no": `2`\n```\n\n```ts\n1;\n```\n';
  assert.equal(said(asked), [`${path}:10: ${nobody} "new"`, `${path}:10: ${nobody} "no"`]);
});

test("briefs and notes are held against the same words, and words that nothing quotes are named", () => {
  assert.equal(quotationsIn('# A kata\n\nIt is "so\nfar" done.\n', "kata/00-x/README.md"), [
    { path: "kata/00-x/README.md", line: 3, words: "so far" },
  ]);
  assert.equal(quotationsOfNotes(ledger), [{
    path: "chapters/ledger.yaml",
    line: 1,
    words: "so far",
  }]);
  const found = [...quotationsOfNotes(ledger), { path: "", line: 1, words: "nasty" }];
  assert.equal(quotationProblems(found, quotes, ledger), []);
  assert.equal(unusedQuotes(found, quotes).map(String).map((text) => text.split("\n")[0]), [
    'chapters/quotes.yaml:4: error: nothing quotes "never quoted", of `one`',
  ]);
});

test("parseQuotes() wants a source of the ledger and a list of texts", () => {
  const wrong = (text: string) => String(parseQuotes(text, ledger).problems[0]).split("\n")[0];
  assert.is(
    wrong("# x\ntwo:\n  - a\n"),
    "chapters/quotes.yaml:2: error: `two` is not in the ledger",
  );
  for (const list of ["a", "\n  - 1", "\n  a: b"]) {
    assert.is(
      wrong(`one: ${list}\n`),
      "chapters/quotes.yaml:1: error: the quotations of `one` are no list of texts",
    );
  }
});

/** The folder of the documents; undefined where there is none. */
async function documents(): Promise<string[] | undefined> {
  const told = Deno.env.get("QUOTED_DOCUMENTS"), folders = told ? [told] : [];
  const beside = fromFileUrl(new URL("../", root));
  for await (const { name } of told ? [] : Deno.readDir(beside)) {
    folders.push(`${beside}${name}/sources`);
  }
  const texts: string[] = [];
  for (const folder of folders) {
    try {
      for await (const { name } of Deno.readDir(folder)) {
        if (name.endsWith(".txt")) texts.push(plain(await Deno.readTextFile(`${folder}/${name}`)));
      }
    } catch {
      // Not here.
    }
  }
  return texts.length > 0 ? texts : undefined;
}

/** A document in one line, without what marks a line as quoted or words as code. */
function plain(text: string): string {
  return oneLine(text.replace(/^(?:> ?)+/gm, "").replaceAll("`", ""));
}

/** Sources that are there as a whole; of others the documents quote parts. */
const WHOLE = ["dickins-2005-08-09", "so-4046192", "lwn-895439"];

const texts = await documents();

(texts ? test : test.skip)(
  "what the documents of the course are quoted with stands in them, letter for letter",
  async () => {
    const own = (await readLedger())!, { byId } = await readQuotes(own);
    const wanted = WHOLE.flatMap((id) => byId.get(id) ?? []);
    assert.ok(wanted.length > 20, `${wanted.length} quotations`);
    assert.equal(wanted.filter((words) => !texts!.some((text) => text.includes(words))), []);
  },
);

test.run();
