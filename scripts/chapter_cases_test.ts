// The special cases of reused and shared pages that the talk of 2022 names, and where the two chapters on exclusive pages
// have each: in a cell that goes through a scene, or in a paragraph that is told and has a source.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Case, findCases } from "./notebook/cases.ts";
import { readText } from "./notebook/files.ts";
import { parse } from "./notebook/markdown.ts";

const path = "chapters/05-anon-exclusive.md", exceptions = "chapters/06-exceptions.md";
const text = await readText(path);

const cases: Record<string, Record<string, readonly Case[]>> = {
  [path]: {
    THP: [{ told: "mapped by one entry was tried" }],
    swap: [{ cell: "entrances", scene: "child-vmsplice-swapped" }],
    "gup-fast": [{ cell: "reclaim-race", scene: "r6" }, { cell: "two-actors", scene: "r6" }],
    "the rules about exclusive pages": [
      { told: "The mark comes with promises" },
    ],
    vmsplice: [
      { cell: "cve", scene: "child-vmsplice" },
      { cell: "entrances", scene: "child-vmsplice" },
    ],
  },
  [exceptions]: {
    "the modes of get_user_pages": [{ told: "not every use requests the correct mode" }],
    "what a pin faults": [{ told: "A pin that will write takes a write fault first" }],
    "a copy with one mapping": [{ told: "even if there is only one mapping" }],
    THP: [{ told: "since one entry may map the whole, or many entries its parts" }],
    migration: [{ told: "While a page moves to another frame" }],
    KSM: [
      { told: "it compares the counts and leaves the page alone" },
      { cell: "compare", scene: "ksm-pin" },
    ],
    hugetlb: [{ told: "hugetlbfs is the exception that stayed" }],
    "fork concurrent with get_user_pages": [
      { cell: "three-orders", scene: "r5" },
      { cell: "all-orders", scene: "r5" },
      { cell: "direct", scene: "direct-read-fork" },
    ],
  },
};

for (const [path, names] of Object.entries(cases)) {
  const list = Object.entries(names).flatMap(([name, places]) =>
    places.map((place) => ({ name, place }))
  );
  const chapter = parse(await readText(path), path);
  const found = await findCases(chapter, list.map(({ place }) => place));
  for (const [at, { name, place }] of list.entries()) {
    const how = "told" in place
      ? "told, with a source"
      : `shown, ${place.scene} in \`${place.cell}\``;
    const { line, problem } = found[at]!;
    test(`${path}${line ? `:${line}` : ""}: ${name} is ${how}`, () => {
      assert.is(problem, undefined, String(problem));
    });
  }
}

/** The problems of some cases in a chapter that somebody has changed. */
async function spoilt(change: (text: string) => string, ...some: Case[]): Promise<string[]> {
  const changed = change(text);
  assert.is.not(changed, text, "the chapter has changed, and so must this test");
  return (await findCases(parse(changed, path), some)).map(({ problem }) =>
    problem ? String(problem) : ""
  );
}

const cve: Case = { cell: "cve", scene: "child-vmsplice" };

test("findCases() misses a cell that is gone, and one that lost its name", async () => {
  const [gone, other] = await spoilt(
    (text) => text.replace(/```ts id=reclaim-race\n[^]*?```\n\n```output\n[^]*?```\n/, ""),
    { cell: "reclaim-race", scene: "r6" },
    { cell: "two-actors", scene: "r6" },
  );
  assert.match(gone!, `${path}: error: there is no cell \`reclaim-race\``);
  assert.is(other, "");
  const [renamed] = await spoilt((text) => text.replace("ts id=cve", "ts id=cva"), cve);
  assert.match(renamed!, "Did you mean cva?");
});

test("findCases() misses operations that a cell no longer does, or does to another page", async () => {
  const changes: [from: string, to: string, said: string][] = [
    ["family.vmsplice(child, A);\n", "", "3 of 7 operations are there, then comes no P1 vms a0 0"],
    ["family.vmsplice(child, A);", "family.vmsplice(1, A);", "3 of 7"],
    ["family.munmap(child, A);", "family.munmap(child, A);\nfamily.load(1, A, 1);", "5 of 7"],
    ['family.store(1, A, "secret");', 'family.store(1, A, "public");', "5 of 7"],
    [
      'show(steps(family.trace));\nconsole.log("the child reads", family.pipeRead());',
      "",
      "6 of 7",
    ],
  ];
  for (const [from, to, said] of changes) {
    const [problem] = await spoilt((text) => text.replace(from, to), cve);
    assert.match(problem!, "no machine of cell `cve` goes through child-vmsplice", from);
    assert.match(problem!, said, from);
  }
});

test("findCases() misses a scene that is no longer run, and what a stopped chapter did not reach", async () => {
  const swapped: Case = { cell: "entrances", scene: "child-vmsplice-swapped" };
  const [problem] = await spoilt(
    (text) => text.replace(`read("child-vmsplice-swapped", name)`, `read("ksm-pin", name)`),
    swapped,
  );
  assert.match(problem!, "no machine of cell `entrances` goes through child-vmsplice-swapped");
  const [late] = await spoilt((text) => text.replace("new Lab(mapcount)", "new Lub()"), swapped);
  assert.match(late!, "0 of 8 operations");
  assert.match(late!, "The chapter was stopped: ReferenceError: Lub is not defined");
  const [race] = await spoilt(
    (text) => text.replaceAll(`races.get("r6")`, `races.get("r5")`),
    { cell: "reclaim-race", scene: "r6" },
  );
  assert.match(race!, "0 of 7 operations are there, then comes no P0 mmap a 1 priv");
});

test("findCases() misses a paragraph that is gone, or has no source any more", async () => {
  const told: Case = { told: "fails all three. So does the rule of 2.6.12" };
  const [gone] = await spoilt((text) => text.replace("fails all three", "fails"), told);
  assert.match(
    gone!,
    `${path}: error: no paragraph says "fails all three. So does the rule of 2.6.12`,
  );
  const [bare] = await spoilt(
    (text) => text.replace("[rule of 5.9][09854ba94c6a] fails", "rule of 5.9 fails"),
    told,
  );
  assert.match(bare!, /^chapters\/05-anon-exclusive\.md:\d+: error: this case is told, and has no/);
});

test("findCases() shows nothing that the machine answers as unavailable", async () => {
  const thp: Case = { cell: "entrances", scene: "child-vmsplice-thp" };
  const [problem] = await spoilt(
    (text) =>
      text.replace(`read("child-vmsplice-swapped", name)`, `read("child-vmsplice-thp", name)`),
    thp,
  );
  assert.match(problem!, "the machine lacks operations of child-vmsplice-thp");
});

test.run();
