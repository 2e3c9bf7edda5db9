// Every rule of the house finds what it is about, at its line, and leaves alone what is in order.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { houseProblems } from "./house.ts";

/** Apart, so that this file does not name versions itself. */
const at = "@";

const config = (tasks: unknown = {}) =>
  JSON.stringify(
    {
      imports: { uvu: `npm:uvu${at}0.5.6`, "@std/path": `npm:deno-std${at}1.4.0/path/mod.js` },
      tasks,
    },
    null,
    2,
  );

/** The first lines of the problems that a project of one file, and deno.json, has. */
function problems(path: string, text: string): string[] {
  const files = new Map([["deno.json", config()], [path, text]]);
  return houseProblems(files).map((problem) => String(problem).split("\n")[0]!);
}

const first = "// What it is.\n";

test("sim imports itself, and uvu in tests", () => {
  assert.equal(problems("sim/mm/a.ts", `${first}import { b } from "../state.ts";\n`), []);
  assert.equal(problems("sim/a_test.ts", `${first}import { test } from "uvu";\n`), []);
  assert.equal(
    problems(
      "sim/mm/a.ts",
      `${first}import { join } from "@std/path";\nimport "../../scripts/x.ts";\n`,
    ),
    [
      `sim/mm/a.ts:2: error: "@std/path" may not be imported here`,
      `sim/mm/a.ts:3: error: "../../scripts/x.ts" may not be imported here`,
    ],
  );
});

test("sim names no release outside era.ts and releases.ts, and no scene outside scenes.ts", () => {
  const source = `${first}export const old = (name: string) => name === "5.9";\n`;
  const said = ["sim/mm/a.ts:2: error: the release 5.9 is named here"];
  assert.equal(problems("sim/mm/a.ts", source), said);
  for (const path of ["sim/era.ts", "sim/releases.ts", "sim/a_test.ts"]) {
    assert.equal(problems(path, source), []);
  }
  const list = `${first}import lost from "../scenes/lost-write.scene" with { type: "text" };\n`;
  const names = `${first}// 5.9, "lost-write"\nexport const width = 5.9, name = "lost-write";\n`;
  const files = (path: string) => new Map([["sim/scene/scenes.ts", list], [path, names]]);
  assert.equal(
    houseProblems(files("sim/mm/b.ts")).map((problem) => String(problem).split("\n")[0]),
    ["sim/mm/b.ts:3: error: the scene lost-write is named here"],
  );
  assert.equal(houseProblems(files("sim/b_test.ts")), []);
});

test("a task writes to the terminal through its one door", () => {
  const source = `console.error(name);\nDeno.stdout.writeSync(bytes);\nDeno.stdout.isTerminal();\n`;
  assert.equal(problems("scripts/x.ts", source), [
    "scripts/x.ts:1: error: console writes past the terminal's own file",
    "scripts/x.ts:2: error: Deno.stdout.writeSync writes past the terminal's own file",
  ]);
  for (
    const path of ["scripts/tool/terminal.ts", "scripts/x_test.ts", "scripts/site/client/a.ts"]
  ) {
    assert.equal(problems(path, source), []);
  }
});

test("sim runs in a browser and takes nothing from outside", () => {
  const names = `${first}const date = { Date: 1, console: 2 }; // console.log\nexport { date };\n`;
  assert.equal(problems("sim/mm/a.ts", names), []);
  assert.equal(
    problems(
      "sim/mm/a.ts",
      `${first}export const a = Math.random() + Math.max(1, 2);\nconsole.log(a);\nsetTimeout(() => Deno.exit());\n`,
    ),
    [
      "sim/mm/a.ts:2: error: Math.random is not for the simulator",
      "sim/mm/a.ts:3: error: console is not for the simulator",
      "sim/mm/a.ts:4: error: setTimeout is not for the simulator",
      "sim/mm/a.ts:4: error: Deno is not for the simulator",
    ],
  );
});

test("a file of sim says in its first line what it is", () => {
  const code = "export const a = 1;\n",
    said = "error: the first line does not say what the file is";
  for (const text of [code, `\n${first}${code}`, `/**\n *\n */\n${code}`, `//\n${code}`]) {
    assert.equal(problems("sim/mm/a.ts", text), [`sim/mm/a.ts:1: ${said}`]);
    assert.equal(problems("sim/mm/a_test.ts", text), [`sim/mm/a_test.ts:1: ${said}`]);
    assert.equal(problems("scripts/a.ts", text), []);
  }
  assert.equal(problems("sim/mm/a.ts", `/**\n * What it is.\n */\n${code}`), []);
  assert.equal(problems("sim/mm/a.ts", `${first}${code}`), []);
});

test("inside sim imports point downwards, types but for circles", () => {
  const files = (entries: Record<string, string>) =>
    houseProblems(new Map(Object.entries(entries).map(([path, text]) => [path, first + text])))
      .map((problem) => String(problem).split("\n")[0]);
  assert.equal(
    files({
      "sim/machine.ts":
        `import { apply } from "./apply.ts";\nimport { text } from "./view/op.ts";\n`,
      "sim/view/op.ts":
        `import { text } from "./text.ts";\nimport type { Era } from "../era.ts";\n`,
      "sim/view/text.ts": `import { PAGE } from "../scene/notation.ts";\n`,
      "sim/scene/notation.ts": `import { A } from "../state.ts";\n`,
      "sim/era.ts": `import type { Machine } from "./machine_test.ts";\n`,
      "sim/machine_test.ts": `import { Lab } from "./lab.ts";\n`,
      "sim/view/steps.ts": `import { apply } from "../apply.ts";\n`,
      "sim/lab.ts": `export { a } from "./mm/a.ts";\nimport scene from "./scenes/a.scene";\n`,
    }),
    [],
  );
  assert.equal(
    files({
      "sim/view/a.ts": `import { vmaText } from "../machine.ts";\n`,
      "sim/mm/a.ts":
        `import { START } from "../apply.ts";\nimport type { X } from "../apply.ts";\n`,
      "sim/state.ts": `export { frames } from "./view/frames.ts";\n`,
      "sim/scene/notation.ts": `import { stage } from "./stage.ts";\n`,
      "sim/other.ts": "",
    }),
    [
      "sim/view/a.ts:2: error: sim/machine.ts is built on what is here, not this on it",
      "sim/mm/a.ts:2: error: this file does not apply events",
      "sim/state.ts:2: error: sim/view/frames.ts is built on what is here, not this on it",
      "sim/scene/notation.ts:2: error: sim/scene/stage.ts is built on what is here, not this on it",
      "sim/other.ts:1: error: this file of the simulator has no room",
    ],
  );
  const circle = "an import closes a circle: ";
  assert.equal(
    files({
      "sim/mm/a.ts": `import { b } from "./b.ts";\n`,
      "sim/mm/b.ts": `import { s } from "../state.ts";\nimport { c } from "./c.ts";\n`,
      "sim/mm/c.ts": `import type { A } from "./a.ts";\n`,
      "sim/mm/d.ts": `import { a } from "./a.ts";\nimport { d } from "./d.ts";\n`,
      "sim/state.ts": "",
      "scripts/e.ts": `import type { F } from "./tool/f.ts";\n`,
      "scripts/tool/f.ts": `import { e } from "../e.ts";\n`,
      "scripts/e_test.ts": `import { e } from "./e.ts";\n`,
    }),
    [
      `sim/mm/a.ts:2: error: ${circle}sim/mm/a.ts → sim/mm/b.ts → sim/mm/c.ts → sim/mm/a.ts`,
      `sim/mm/b.ts:3: error: ${circle}sim/mm/b.ts → sim/mm/c.ts → sim/mm/a.ts → sim/mm/b.ts`,
      `sim/mm/c.ts:2: error: ${circle}sim/mm/c.ts → sim/mm/a.ts → sim/mm/b.ts → sim/mm/c.ts`,
      `sim/mm/d.ts:3: error: ${circle}sim/mm/d.ts → sim/mm/d.ts`,
      `scripts/e.ts:2: error: ${circle}scripts/e.ts → scripts/tool/f.ts → scripts/e.ts`,
      `scripts/tool/f.ts:2: error: ${circle}scripts/tool/f.ts → scripts/e.ts → scripts/tool/f.ts`,
    ],
  );
});

test("a name of sim that looks like Linux's is one of Linux's, and on the list", () => {
  const list = "scripts/house/linux_names.txt", entry = "do_wp_page  mm/memory.c  2.6.12\n";
  const found = (names: string, code: string, path = "sim/mm/a.ts") =>
    houseProblems(new Map([[list, names], [path, first + code]])).map((problem) =>
      String(problem).split("\n")[0]
    );
  const mine = `${list}:1: error: sim/ has no do_wp_page any more`;
  assert.equal(found(entry, "export function* do_wp_page() {}\n"), []);
  assert.equal(
    found(
      `# Notes.\n\n${entry}`,
      `export function do_wp_page(a_b: number, { c_d }: { readonly e_f?: number }) {
  const own = { g_h: "i_j", [\`k_l\`]: a_b, m_n() {} }, { o_p: q_r } = own, MAX_SIZE = 4; // s_t
  return a_b + MAX_SIZE + own.g_h;
}
class V_w {
  #x_y = 1;
  z_a(): void {}
}
import { b_c } from "../state.ts";
function __d() {}
`,
    ),
    ["a_b:2", "c_d:2", "e_f:2", "q_r:3", "V_w:6", "z_a:8", "__d:11"].map((place) => {
      const [name, line] = place.split(":");
      return `sim/mm/a.ts:${line}: error: ${name} is not among Linux's names`;
    }),
  );
  const capitals = "export const VM_MINE = 1;\n";
  assert.equal(found("", capitals), []);
  assert.equal(found("", capitals, "sim/uapi.ts"), [
    "sim/uapi.ts:2: error: VM_MINE is not among Linux's names",
  ]);
  assert.equal(found("", "export const a_b = 1;\n", "sim/mm/a_test.ts"), []);
  assert.equal(found(entry, ""), [mine]);
  const forms = ["5.12..5.14", "6.1  a note", "proposed  R. Dreier", "POSIX"];
  for (const form of forms) {
    assert.equal(found(`do_wp_page  -  ${form}\n`, "let do_wp_page;\n"), []);
  }
  for (const form of ["do_wp_page", "do_wp_page  mm/memory.c", "do_wp_page  -  v5.9", "a  b  5"]) {
    assert.equal(
      found(form, "let do_wp_page;\n").slice(-2)[0],
      `${list}:1: error: this is not a name of Linux: ${form}`,
    );
  }
  assert.equal(found("b_c  -  5.9\na_b  -  5.9\na_b  -  5.9\n", "let a_b, b_c;\n"), [
    `${list}:2: error: a_b comes before b_c`,
    `${list}:3: error: a_b comes before b_c`,
  ]);
});

test("katas and chapters import sim, a suite also what suites share, and uvu", () => {
  const source =
    `import { Lab } from "sim";\nimport { suite } from "../expect.ts";\nimport * as assert from "uvu/assert";\nimport { Family } from "../family.ts";\n`;
  assert.equal(problems("kata/00-x/test.ts", source), []);
  assert.equal(problems("kata/00-x/wrong/a.ts", source), [
    `kata/00-x/wrong/a.ts:2: error: "../expect.ts" may not be imported here`,
    `kata/00-x/wrong/a.ts:3: error: "uvu/assert" may not be imported here`,
    `kata/00-x/wrong/a.ts:4: error: "../family.ts" may not be imported here`,
  ]);
  const leaning = 'export * from "../solution.ts";\n';
  assert.equal(problems("kata/00-x/wrong/a.ts", leaning), []);
  assert.equal(problems("kata/00-x/exercise.ts", leaning.replace("..", ".")), [
    `kata/00-x/exercise.ts:1: error: "./solution.ts" may not be imported here`,
  ]);
  assert.equal(problems("kata/expect.ts", `import { relative } from "@std/path";\n`), [
    `kata/expect.ts:1: error: "@std/path" may not be imported here`,
  ]);
  const chapter =
    'import "prose.ts" is prose\n\n```ts\nimport { Lab } from "sim";\nawait import("./x.ts");\n```\n';
  assert.equal(problems("chapters/00-x.md", chapter), [
    `chapters/00-x.md:5: error: "./x.ts" may not be imported here`,
  ]);
});

test("scripts reach the simulator by its front door", () => {
  assert.equal(problems("scripts/site/a.ts", `import { a } from "../../sim/mod.ts";\n`), []);
  assert.equal(problems("scripts/a.ts", `import { a } from "../sim/state.ts";\n`), [
    `scripts/a.ts:1: error: "../sim/state.ts" may not be imported here`,
  ]);
});

test("a file has at most 400 lines", () => {
  assert.equal(problems("scripts/a.ts", "\n".repeat(400)), []);
  assert.equal(problems("scripts/a.ts", "\n".repeat(401)), [
    "scripts/a.ts:401: error: 401 lines, a file has at most 400",
  ]);
});

test("versions are named in deno.json alone", () => {
  assert.equal(problems("README.md", "Type `npx --yes deno@2.9.6 task learn`.\n"), []);
  const pinned = [`npm:left-pad${at}1.0.0`, `uvu${at}0.5.6`, `deno-std${at}1.4.0`];
  for (const version of pinned) {
    assert.equal(problems("scripts/a.ts", `// first\nconst a = "${version}";\n`), [
      `scripts/a.ts:2: error: a version of a package is named here: ${
        version.slice(0, version.indexOf("@") + 2)
      }`,
    ]);
  }
  assert.equal(problems(".ci/deno.json", `{ "imports": { "uvu": "npm:uvu${at}0.5.6" } }`), []);
});

test("a task has a description, and allows neither everything nor writing anywhere", () => {
  const tasks = {
    good: { description: "Does it.", command: "deno run --allow-read=. a.ts" },
    silent: { command: "deno run a.ts" },
    short: "deno run a.ts",
    greedy: { description: "Takes all.", command: "deno run -A a.ts" },
    greedier: { description: "Takes all.", command: "deno run --allow-all a.ts" },
    anywhere: { description: "Writes.", command: "deno run --allow-write --allow-read=. a.ts" },
  };
  const text = config(tasks);
  const line = (name: string) => text.slice(0, text.indexOf(`"${name}"`)).split("\n").length;
  assert.equal(
    houseProblems(new Map([["deno.json", text]])).map((problem) => String(problem).split("\n")[0]),
    [
      `deno.json:${line("silent")}: error: the task silent has no description of one line`,
      `deno.json:${line("short")}: error: the task short has no description of one line`,
      `deno.json:${line("greedy")}: error: the task greedy allows everything`,
      `deno.json:${line("greedier")}: error: the task greedier allows everything`,
      `deno.json:${line("anywhere")}: error: the task anywhere may write anywhere`,
    ],
  );
});

test.run();
