// All suites of the katas, their solutions and their wrong fixes, as one classic script that judges them: for the tests,
// in and out of a browser, which show that a page comes to what `deno task kata --check` comes to.

import { loadKatas } from "../kata/list.ts";
import { IMPORTING } from "../kata/given.ts";
import { linkClassic } from "./link.ts";

/** What the script says of a file, and what was promised: the test that rejects it, or "it passes". */
export interface Judged {
  path: string;
  said: string;
  promised: string;
}

/** The script; it makes `judgeKatas`, a function without parameters that promises a {@linkcode Judged} for each file. */
export async function linkKatas(): Promise<string> {
  const modules: Record<string, string> = {},
    files: [dir: string, path: string, promised: string][] = [];
  for (const { dir } of await loadKatas()) {
    modules[`${dir}/test.ts`] = `${dir}/test.ts`;
    files.push([dir, `${dir}/solution.ts`, "it passes"]);
    for (const { name } of Deno.readDirSync(`${dir}/wrong`)) {
      const path = `${dir}/wrong/${name}`, source = await Deno.readTextFile(path);
      const promised = source.match(/^\/\/ Rejected by: (.+)$/m)?.[1] ?? "";
      // What is refused before it is loaded never comes to a page.
      if (promised !== IMPORTING) files.push([dir, path, promised]);
    }
  }
  for (const [, path] of files) modules[path] = path;
  // uvu is told to leave it to us to run what is declared.
  return `globalThis.UVU_DEFER = 1;
${await linkClassic({ modules, expose: "kata" })}
globalThis.judgeKatas = async () => {
  const judged = [];
  for (const [dir, path, promised] of ${JSON.stringify(files)}) {
    let said = "it passes";
    const ended = (test, error) => { if (error) said = test; };
    try {
      await kata(dir + "/test.ts").default({ ...kata(path) }).run({ started() {}, ended }, "failure");
    } catch (error) {
      said = String(error.stack);
    }
    judged.push({ path, said, promised });
  }
  return judged;
};
`;
}

if (import.meta.main) console.log(await linkKatas());
