import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "./markdown.ts";
import { originProblems } from "./outputs.ts";
import { markdown } from "./testing.ts";

/** The numbers, from 1, of the cells that are refused when each of them prints. */
function refused(...cells: string[]): number[] {
  const fences = cells.map((code) => `\`\`\`ts\n${code}\n\`\`\`\n\n`);
  const chapter = parse(markdown(fences.join("")), "chapters/90-origin.md");
  const results = cells.map((code, index) => ({
    index,
    items: code.includes("console") ? [{ kind: "text" as const, text: "x" }] : [],
  }));
  return originProblems(chapter, results).map((problem) => {
    const [, number] = String(problem).match(/^chapters\/90-origin\.md:\d+: error: cell (\d+)/)!;
    return Number(number);
  });
}

test("a cell that prints uses the simulator, by whatever way", () => {
  const first = 'import { Lab, frames as draw } from "sim";\nconst m = new Lab(kernel);';
  assert.equal(refused("console.log(kernel.name);"), []);
  assert.equal(refused('import * as sim from "sim";\nconsole.log(sim.PAGE_SIZE);'), []);
  assert.equal(refused(first, "console.log(m.reasons());", "console.log(draw(m.state));"), []);
  assert.equal(refused(first, "const { pid: child } = m;", "console.log(child);"), []);
  assert.equal(
    refused(first, "function print() {\n  console.log(m);\n}", "print(); // console"),
    [],
  );
  assert.equal(
    refused(
      first,
      "const rows: string[] = [];\nfor (const x of m.trace) rows.push(x.text);",
      "console.log(rows);",
    ),
    [],
  );
  assert.equal(refused(first, "let late;\nlate = m.fork(1);", "console.log(late);"), []);
});

test("a cell that prints what the author typed is named", () => {
  assert.equal(refused('console.log("SIGSEGV");'), [1]);
  assert.equal(refused('import { Lab } from "sim";\nconsole.log("SIGSEGV");'), [1]);
  assert.equal(refused('import { Lab } from "sim";', 'const text = "x";', "console.log(text);"), [
    3,
  ]);
  assert.equal(refused('const m = { Lab: "kernel" };\nconsole.log(m.Lab, "kernel"); // kernel'), [
    1,
  ]);
  assert.equal(refused("const quiet = 1;"), []);
});

test.run();
