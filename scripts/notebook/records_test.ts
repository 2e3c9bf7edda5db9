// Where a scene was seen stands in the prose as the records say it, and what they do not say is named.

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KernelRecord } from "../kernel/record.ts";
import { bodyOf, hasSeen } from "./body.ts";
import { applied, print } from "./chapter.ts";
import { parse } from "./markdown.ts";
import { staleFigures } from "./figures.ts";
import { seen, seenProblems } from "./records.ts";

const record = (release: string, ...agrees: string[]) =>
  ({
    release,
    entries: agrees.map((name) => ({ name, verdict: "agrees" })),
  }) as unknown as KernelRecord;
const records = [record("6.18.44", "pin-shared"), record("5.10.223", "pin-shared", "pin-dontfork")];
const scenes = ["pin-shared", "pin-dontfork", "pin-mprotect"];

const chapter = (prose: string) =>
  parse(
    `---
title: T
question: Q?
years: "2022"
kernel: mapcount
katas: []
minutes: 1
---

# T

${prose}
`,
    "chapters/05-t.md",
  );

const problems = (prose: string) => {
  const body = bodyOf(chapter(prose));
  const stale = staleFigures(body, [seen(records)]).map(({ problem }) => problem);
  return [...stale, ...seenProblems(body, scenes)].map((problem) => String(problem).split("\n")[0]);
};

test("seen() compares with every record, the oldest kernel first", () => {
  assert.equal(problems("Seen on [5.10.223, 6.18.44](#seen:pin-shared)."), []);
  assert.equal(problems("Seen on [no kernel yet](#seen:pin-mprotect)."), []);
  assert.equal(problems("Seen on [6.18.44](#seen:pin-dontfork)."), [
    "chapters/05-t.md:12: error: the text says 6.18.44, `pin-dontfork` was seen on 5.10.223",
  ]);
  assert.equal(problems("Seen on [no kernel yet](#seen:pin-shred)."), [
    "chapters/05-t.md:12: error: there is no scene `pin-shred`",
  ]);
});

test("seen() writes what the records say, and nothing else", () => {
  const old = chapter("Seen on [x](#seen:pin-shared), and\non [y](#seen:pin-mprotect).");
  const found = staleFigures(bodyOf(old), [seen(records)]);
  assert.is(
    applied(print(old), found.map(({ edit }) => edit!)),
    print(old).replace("[x]", "[5.10.223, 6.18.44]").replace("[y]", "[no kernel yet]"),
  );
  assert.equal(found.map(({ told }) => told!.after), ["5.10.223, 6.18.44", "no kernel yet"]);
  assert.ok(hasSeen(old));
  assert.not(hasSeen(chapter("Nothing.")));
});

test.run();
