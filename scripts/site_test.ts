// Runs `deno task site`, with the permissions of the task, on a course that somebody wrote who means harm or had bad luck.

import { join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { markdown } from "./notebook/testing.ts";
import { copyOfCourse, flagsOf } from "./site/testing.ts";

const top = await Deno.makeTempDir({ prefix: "site test " });
const folder = join(top, "the project");
test.after(() => Deno.remove(top, { recursive: true }));

/** A chapter whose second cell, at line 17, is this; the first makes a machine. */
const withCell = (code: string) =>
  markdown(`\`\`\`ts
import { Lab } from "sim";
const m = new Lab(kernel);
\`\`\`

Now this.

\`\`\`ts
${code}
\`\`\`
`);

/** Code that shows a drawing, and a film of another where there is one. */
function showing(svg: string, step?: string): string {
  const film = step === undefined
    ? ""
    : `"application/vnd.pinned.steps+json": JSON.stringify([{ caption: "c", text: "t", svg: ${
      JSON.stringify(step)
    } }]),`;
  return `const view = { "text/plain": "words", "image/svg+xml": ${JSON.stringify(svg)}, ${film} };
show({ [Symbol.for("Jupyter.display")]: () => view });`;
}

const chapters = {
  "00-owners.md": withCell("console.log(m.trace.length);"),
  "01-comment.md": withCell(`const b: any = m.trace.length; let c: any = 1;
const s = b <!<any>--c ? \`
}); console.log("out of the function"); void (async function () {
--> \` : 0;
console.log(b, s);`),
  "02-untyped.md": withCell("const n: number = String(1);\nconsole.log(n.length);"),
  "03-redirects.md": withCell(showing(
    '<svg></svg><meta http-equiv="refresh" content="0;url=http://elsewhere.example/">',
  )),
  "04-film.md": withCell(
    showing("<svg></svg>", "<svg><script href='../chapters/x.run.js'/></svg>"),
  ),
};
await copyOfCourse(folder, chapters);

/** Runs the task in the copy. */
async function site(...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...await flagsOf("site"), "scripts/site.ts", ...args],
    cwd: folder,
    env: { NO_COLOR: "1", INIT_CWD: folder },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, said: text(stdout) + text(stderr) };
}

const { code, said } = await site();

test("`site` refuses a chapter whose cells have type errors, and names each at its line", () => {
  assert.is(code, 1);
  assert.match(said, /^chapters\/01-comment\.md:19:\d+: error: TS1294: /m);
  assert.match(said, /^chapters\/02-untyped\.md:18:\d+: error: TS2322: /m);
  assert.match(said, /^chapters\/02-untyped\.md:19:\d+: error: TS2339: /m);
  assert.not.match(said, "00-owners");
  assert.not.match(said, "    at ", "no stack of ours");
});

test("`site` refuses a drawing that is more than shapes and text, at its cell, films included", () => {
  assert.match(
    said,
    /^chapters\/03-redirects\.md:17: error: Picture of cell 2 .*: <meta> is no part/m,
  );
  assert.match(said, /^chapters\/04-film\.md:17: error: Picture 1 of 1 of cell 2 .*: <script> is/m);
});

test.run();
