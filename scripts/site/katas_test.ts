// The suites run in a page as well, which knows neither files nor modules: linked into one classic script, in a context
// that has nothing of Deno's, they judge the solutions and the wrong fixes as `deno task kata --check` does.

import vm from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadKatas } from "../kata/list.ts";
import { linkClassic } from "./link.ts";

const katas = await loadKatas();
const files: string[] = [];
for (const { dir } of katas) {
  files.push(`${dir}/test.ts`, `${dir}/solution.ts`);
  for (const { name } of Deno.readDirSync(`${dir}/wrong`)) files.push(`${dir}/wrong/${name}`);
}
const modules = Object.fromEntries(files.map((path) => [path, path]));
const script = await linkClassic({ modules, expose: "load" });
// uvu is told to leave it to us to run what is declared.
const context = vm.createContext({ console: { log() {} }, TextDecoder, TextEncoder, UVU_DEFER: 1 });
vm.runInContext(script, context);
/** What the page says of a file of a kata: the first test of its suite that rejects it, or that it passes. */
const judge: (dir: string, file: string) => Promise<string> = vm.runInContext(
  `async (dir, file) => {
    let said = "it passes";
    const ended = (test, error) => { if (error) said = test; };
    try {
      const suite = load(dir + "/test.ts").default({ ...load(dir + "/" + file) });
      await suite.run({ started() {}, ended }, "failure");
    } catch (error) {
      return String(error.stack);
    }
    return said;
  }`,
  context,
);

for (const { dir, slug } of katas) {
  test(`${slug}: the solution passes in a page, and each wrong fix is rejected by its test`, async () => {
    assert.is(await judge(dir, "solution.ts"), "it passes");
    for (const path of files.filter((file) => file.startsWith(`${dir}/wrong/`))) {
      const named = (await Deno.readTextFile(path)).match(/^\/\/ Rejected by: (.+)$/m)?.[1];
      assert.is(await judge(dir, path.slice(dir.length + 1)), named, path);
    }
  });
}

test.run();
