// What a cell does at a Lab is recognized as a scene by what it does, to whom, and where; the chapter's own cases are
// held by scripts/chapter_cases_test.ts.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findCases } from "./cases.ts";
import { chapterOf } from "./testing.ts";

const A = "const m = new Lab(kernel), A = 0x7000, B = A + PAGE_SIZE;";

/** What is said of one cell that is to go through a scene; empty when it does. */
async function said(scene: string, code: string): Promise<string> {
  const names = [...new Set(code.match(/\b(?:Lab|[A-Z]+_[A-Z]+)\b/g))].join(", ");
  const chapter = chapterOf("cases", `import { ${names} } from "sim";\n${code}`, "id=one");
  const [found] = await findCases(chapter, [{ cell: "one", scene }]);
  assert.is(found!.line, 10);
  return found!.problem ? String(found!.problem) : "";
}

const programs: Record<string, string> = {
  "pin-mprotect": `${A}
m.mmap(1, A);
m.store(1, A, "old");
m.io_uring_register(1, A, 1, "buffer");
m.mprotect(1, A, 1, PROT_READ);
m.mprotect(1, A, 1, PROT_READ | PROT_WRITE);
m.store(1, A, "new");
m.deviceRead("buffer");
m.string(1, A);`,
  "pin-fork-device-writes": `${A}
m.mmap(1, A);
m.store(1, A, "old");
m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
const child = m.fork(1);
m.deviceWrite("nic", "data");
m.deviceRead("nic");
m.string(1, A);
m.string(child, A);`,
  "fork-vmsplice-child-exits": `${A}
m.mmap(1, A);
m.store(1, A, [1]);
const child = m.fork(1);
m.vmsplice(1, A);
m.exit(child);
m.store(1, A, [2]);
m.pipeRead();`,
  "pin-shared": `${A}
m.mmap(1, A, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
m.store(1, A, "old");
m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
const child = m.fork(1);
m.store(1, A, "new");
m.deviceRead("nic");
m.string(1, A);
m.string(child, A);`,
  "ksm-pin": `${A}
m.mmap(1, A, 2);
m.madvise(1, A, 2, MADV_MERGEABLE);
m.store(1, A, "same");
m.store(1, B, "same");
m.ksmScan();
m.pin_user_pages(1, A, 1, FOLL_WRITE, "nic");
m.store(1, A, "new");
m.deviceRead("nic");
m.string(1, A);
m.string(1, B);`,
};

for (const [scene, code] of Object.entries(programs)) {
  test(`findCases() recognizes ${scene} in what a Lab did`, async () => {
    assert.is(await said(scene, code), "");
  });
}

test("findCases() takes no other page, number, protection, advice, contents or order for the same", async () => {
  const changes: [scene: string, from: string, to: string, said: string][] = [
    ["pin-mprotect", "1, A, 1, PROT_READ)", "1, A, 1, PROT_NONE)", "3 of 8"],
    ["pin-mprotect", '"new"', '"old"', "5 of 8"],
    ["pin-mprotect", 'deviceRead("buffer")', 'pipeRead("buffer")', "0 of 8"],
    ["pin-shared", "MAP_SHARED", "MAP_PRIVATE", "0 of 8"],
    ["pin-fork-device-writes", "m.string(child, A)", "m.string(1, A)", "7 of 8"],
    ["ksm-pin", "madvise(1, A, 2,", "madvise(1, A, 1,", "1 of 10"],
    ["ksm-pin", "MADV_MERGEABLE", "MADV_PAGEOUT", "1 of 10"],
    ["ksm-pin", 'm.store(1, B, "same")', 'm.store(1, A, "same")', "3 of 10"],
    ["ksm-pin", "m.pin_user_pages(1, A,", "m.pin_user_pages(1, B,", "5 of 10"],
    ["ksm-pin", 'm.store(1, A, "same");\n', "", "2 of 10"],
  ];
  for (const [scene, from, to, expected] of changes) {
    const code = programs[scene]!;
    assert.ok(code.includes(from), from);
    const problem = await said(scene, code.replace(from, to));
    assert.match(problem, `no machine of cell \`one\` goes through ${scene}`, from);
    assert.match(problem, `${expected} operations`, `${from} → ${to}`);
  }
});

test("findCases() counts what one machine did in that cell, and no other cell's or machine's", async () => {
  const code = programs["fork-vmsplice-child-exits"]!;
  const two = code.replace("m.pipeRead()", "const n = new Lab(kernel);\nn.pipeRead()");
  assert.match(await said("fork-vmsplice-child-exits", two), "6 of 7 operations are there");
  const later = code.replace("m.pipeRead()", "```\n\nLater.\n\n```ts\nm.pipeRead()");
  assert.match(await said("fork-vmsplice-child-exits", later), "6 of 7 operations are there");
});

test("findCases() names the nearest cell and the nearest scene", async () => {
  const chapter = chapterOf("cases", "const one = 1;", "id=one");
  const [cell, scene] = await findCases(chapter, [
    { cell: "onw", scene: "ksm-pin" },
    { cell: "one", scene: "ksm-pim" },
  ]);
  assert.match(String(cell!.problem), /no cell `onw`\n {2}Did you mean one\?/);
  assert.match(String(scene!.problem), /there is no scene ksm-pim\n {2}Did you mean ksm-pin\?/);
});

test.run();
