// Links toy modules and real packages, and runs the scripts in a context that has nothing but the language.

import vm from "node:vm";
import { join } from "@std/path";
import { transform } from "sucrase";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Problem } from "../tool/problem.ts";
import { linkClassic } from "./link.ts";

const top = await Deno.makeTempDir({ prefix: "link test " });
test.after(() => Deno.remove(top, { recursive: true }));

/** Writes files into a folder below one whose name has a space, and returns a function that names them. */
async function toy(files: Record<string, string>): Promise<(name: string) => string> {
  const folder = await Deno.makeTempDir({ dir: top });
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, name), text);
  }
  return (name) => join(folder, name);
}

/** Runs a script in a bare context and returns the value of `expression` there, as text. */
function evaluate(script: string, expression: string): string {
  const context = vm.createContext({});
  vm.runInContext(script, context);
  return vm.runInContext(`String(${expression})`, context);
}

test("linkClassic() runs a module with its imports, types off", async () => {
  const at = await toy({
    "a.ts": `import { type B, b } from "./b.ts";\nexport const a = (x: number): B => b(x) as B;`,
    "b.ts": `export type B = string;\nexport function b(x: number): string { return "b" + x; }`,
  });
  const script = await linkClassic({ modules: { a: at("a.ts") }, expose: "load" });
  assert.is(evaluate(script, `load("a").a(7)`), "b7");
});

test("linkClassic() lets two modules import each other", async () => {
  const at = await toy({
    "even.ts":
      `import { odd } from "./odd.ts";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);`,
    "odd.ts":
      `import { even } from "./even.ts";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);`,
  });
  const script = await linkClassic({ modules: { even: at("even.ts") }, expose: "load" });
  assert.is(evaluate(script, `load("even").even(10)`), "true");
});

test("linkClassic() runs a module once, and the entry named by `run` at once", async () => {
  const at = await toy({
    "count.ts": `declare const globalThis: { runs?: number };
      globalThis.runs = (globalThis.runs ?? 0) + 1;`,
    "other.ts": `import "./count.ts";\nexport const other = 1;`,
  });
  const modules = { count: at("count.ts"), other: at("other.ts") };
  const lazy = await linkClassic({ modules, expose: "load" });
  assert.is(evaluate(lazy, `globalThis.runs`), "undefined");
  const eager = await linkClassic({ modules, expose: "load", run: "other" });
  assert.is(evaluate(eager, `(load("count"), globalThis.runs)`), "1");
});

test("linkClassic() imports a text file as text", async () => {
  const at = await toy({
    "a.ts": `import text from "./x.scene" with { type: "text" };\nexport { text };`,
    "x.scene": 'P0 store a0 "it\'s"\n',
  });
  const script = await linkClassic({ modules: { a: at("a.ts") }, expose: "load" });
  assert.is(evaluate(script, `load("a").text`), 'P0 store a0 "it\'s"\n');
});

test("linkClassic() exports every name of one declaration", async () => {
  const at = await toy({
    "a.ts": `import { b, c } from "./b.ts";\nexport const a = b + c;`,
    "b.ts": `export const b: number = [1, 2].length,\n  c = b;\nexport let d = 1;`,
  });
  const script = await linkClassic({ modules: { a: at("a.ts") }, expose: "load" });
  assert.is(evaluate(script, `load("a").a`), "4");
});

test("linkClassic() lets what a module exports itself go before what `export *` brings", async () => {
  const at = await toy({
    "solution.ts":
      `export const one = () => 1;\nexport function two() { return one() + one(); }\n` +
      `export const three = () => one() + two();`,
    "wrong.ts": `export * from "./solution.ts";\nimport { one as unit } from "./solution.ts";\n` +
      `export function two() { return unit() + 7; }\nexport const one = () => 0;`,
  });
  const script = await linkClassic({ modules: { wrong: at("wrong.ts") }, expose: "load" });
  const asked = `["one", "two", "three"].map((name) => load("wrong")[name]())`;
  assert.is(evaluate(script, asked), "0,8,3");
});

test("linkClassic() keeps the lines of a module", async () => {
  const at = await toy({ "a.ts": `export type T = {\n  a: 1;\n};\nthrow new Error("line 4");` });
  const script = await linkClassic({ modules: { a: at("a.ts") }, expose: "load" });
  const start = script.slice(0, script.indexOf("function (module")).split("\n").length;
  const thrown = script.slice(0, script.indexOf('throw new Error("line 4")')).split("\n").length;
  assert.is(thrown - start, 3);
});

test("linkClassic() leaves out comments, and nothing that only looks like one", async () => {
  const at = await toy({
    "a.ts": `// gone\nexport const a = "// kept" /* gone */ + \`\n// kept\`;\n/** gone */\n`,
  });
  const script = await linkClassic({ modules: { a: at("a.ts") }, expose: "load" });
  assert.not.match(script, "gone");
  assert.is(evaluate(script, `load("a").a`), "// kept\n// kept");
});

test("linkClassic() links sucrase with all that it requires, and names no path of this machine", async () => {
  const script = await linkClassic({ modules: { sucrase: "sucrase" }, expose: "load" });
  const strip =
    `load("sucrase").transform("let a: number = 1", { transforms: ["typescript"] }).code`;
  assert.is(evaluate(script, strip), "let a = 1");
  const home = new URL(import.meta.resolve("sucrase")).pathname.split("sucrase")[0]!;
  assert.not.ok(script.includes(home));
});

test("linkClassic() links a sucrase that does what sucrase does", async () => {
  const without = ["@jridgewell/gen-mapping"];
  const script = await linkClassic({ modules: { sucrase: "sucrase" }, expose: "load", without });
  const context = vm.createContext({});
  vm.runInContext(script, context);
  for (const name of ["link.ts", "link_test.ts", "prose.ts", "client/page.ts"]) {
    context.source = await Deno.readTextFile(new URL(name, import.meta.url));
    const code = vm.runInContext(
      `load("sucrase").transform(source, { transforms: ["typescript", "imports"] }).code`,
      context,
    );
    assert.is(code, transform(context.source, { transforms: ["typescript", "imports"] }).code);
  }
});

test("linkClassic() is the same text twice", async () => {
  const link = () => linkClassic({ modules: { sucrase: "sucrase" }, expose: "load" });
  assert.is(await link(), await link());
});

test("linkClassic() names the import that leads nowhere, and the line that does not parse", async () => {
  const at = await toy({
    "a.ts": `export const a = 1;\nimport { b } from "./b.ts";\nexport const c = b;`,
    "bad.ts": `export const a = 1;\nexport const b = ;\n`,
  });
  const said = async (name: string) => {
    try {
      await linkClassic({ modules: { x: at(name) }, expose: "load" });
      return "linked";
    } catch (error) {
      assert.instance(error, Problem);
      return String(error);
    }
  };
  assert.is(await said("a.ts"), "a.ts:2: error: import of b.ts: no such file");
  assert.match(await said("bad.ts"), /^bad\.ts:2: error: Unexpected token/);
});

test.run();
