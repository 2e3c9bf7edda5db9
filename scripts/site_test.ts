// Runs `deno task site`, with the permissions of the task, on a course that somebody wrote who means harm or had bad luck.

import { join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { markdown } from "./notebook/testing.ts";
import { exists } from "./tool/files.ts";
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
    : `"application/vnd.pinned.steps+json": JSON.stringify([{ operation: "c", reasons: [], verdicts: [],
      text: "t", svg: ${JSON.stringify(step)} }]),`;
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

/** Links that no page has, and what is said of each. */
const links: [address: string, why: string][] = [
  ["%ff", "there is no %ff"],
  ["%00", "there is no %00"],
  ["../README.md/x", "no file README.md/x that git tracks"],
  ["../sim", "no file sim that git tracks"],
  ["../" + "a".repeat(5_000), `there is no ../${"a".repeat(77)}…`],
  ["javascript:alert(1)", "a link to `javascript:`"],
  ["data:text/html,x", "a link to `data:`"],
  ["../../outside.md", "there is no ../outside.md"],
  ["../.git/config", ".git/config is hidden"],
  ["../sim/.hidden", "sim/.hidden is hidden"],
  ["../sim/outside.md", "no file sim/outside.md that git tracks"],
  ["../sim/config.md", "no file sim/config.md that git tracks"],
  ["../sim/loop.md", "no file sim/loop.md that git tracks"],
  ["../sim/nowhere.md", "no file sim/nowhere.md that git tracks"],
  ["../notes.md", "no file notes.md that git tracks"],
  ["../kata/00-last-writer/attempt.ts", "attempt.ts that git tracks"],
  ["#seen:no-scene", "no file sim/scenes/no-scene.scene that git tracks"],
];
const linking = links.map(([address], n): [name: string, text: string] => [
  `${n + 10}-link.md`.replace(/(\d+)-link/, "$1-link-$1"),
  markdown(`Not here.\n\nSee [this](${address}).\n`),
]);
await copyOfCourse(folder, { ...chapters, ...Object.fromEntries(linking) });
await Deno.writeTextFile(join(top, "outside.md"), markdown("secret outside"));
for (const name of ["notes.md", "sim/.hidden", "kata/00-last-writer/attempt.ts"]) {
  await Deno.writeTextFile(join(folder, name), "secret");
}
const symbolic: Record<string, string> = {
  "sim/outside.md": "../../outside.md",
  "sim/config.md": "../.git/config",
  "sim/loop.md": "loop.md",
  "sim/nowhere.md": "nowhere/at-all",
  "chapters/70-outside.md": "../../outside.md",
  "chapters/71-loop.md": "71-loop.md",
  "chapters/72-nowhere.md": "nowhere/at-all",
};
/** Runs a line of shell in the copy: Deno makes no link without every permission. */
const shell = async (line: string) =>
  (await new Deno.Command("sh", { args: ["-c", line], cwd: folder }).output()).code;
for (const [name, target] of Object.entries(symbolic)) await shell(`ln -s ${target} ${name}`);
/** Everything is tracked but the notes and the attempt; without a git here there is nothing to ask. */
const git = await shell(
  "git init -q && git add . && git add -f sim/.hidden && git rm -q --cached notes.md",
);

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

test("`site` names each link that leads nowhere, at its line, and none that leads out of what git tracks", () => {
  for (const [n, [address, why]] of links.entries()) {
    if (git !== 0 && address === "../notes.md") continue;
    const path = `chapters/${n + 10}-link-${n + 10}.md`;
    const problem = said.split(/^(?=\S)/m).find((text) => text.startsWith(path)) ?? "nothing";
    const place = `${path}:12: error: the link to ${address.slice(0, 80)}`;
    assert.is(problem.slice(0, place.length), place);
    assert.ok(problem.includes(why), problem);
  }
});

test("`site` takes an address that git clones from, and nothing that a shell would read otherwise", async () => {
  for (const repo of ["x; rm -r .", "$(id)", "--upload-pack=x", "https://a.example/b c"]) {
    const { code, said } = await site(`--repo=${repo}`);
    assert.is(code, 1, repo);
    assert.match(said, "this is no address to clone from");
  }
});

test("`site` names chapters that are links, out of the project, in a circle or nowhere", () => {
  assert.match(said, "chapters/70-outside.md: error: a link here leads out of the project");
  assert.match(said, "chapters/71-loop.md: error: the links here lead in a circle");
  assert.match(said, "chapters/72-nowhere.md: error: the link here leads nowhere");
});

test("`site` writes to _site, and with --out to the folder that is named alone", async () => {
  const flags = await flagsOf("site");
  assert.ok(flags.includes("--allow-read=.") && flags.includes("--allow-write=.woven,_site"));
  for (const { name } of Deno.readDirSync(join(folder, "chapters"))) {
    if (name !== "00-owners.md") await Deno.remove(join(folder, "chapters", name));
  }
  const left = [join(folder, ".woven/._site.new-0a1b2c3d"), join(top, "x/.out.new-0a1b2c3d")];
  for (const path of left) await Deno.mkdir(path, { recursive: true });
  const inPlace = await site();
  assert.is(inPlace.code, 0, inPlace.said);
  assert.match(inPlace.said, /^_site: \d+ files, \d+ kB\. Open _site\/index\.html\.$/m);
  const elsewhere = await site("--out", "../x/out");
  assert.is(elsewhere.code, 0, elsewhere.said);
  assert.match(elsewhere.said, "Open ../x/out/index.html.");
  assert.ok((await Deno.stat(join(top, "x/out/chapters/owners.html"))).isFile);
  for (const path of left) assert.not(await exists(path), path);
  const comma = await site("--out", "a,b/c");
  assert.is(comma.code, 1);
  assert.match(comma.said, /error: a comma stands in the path of this folder\n {2}\S/);
  await shell("rm -r _site; ln -s ../x _site");
  assert.match((await site()).said, "_site: error: this is a link");
});

test.run();
