// What the notebook's tests share: small chapters, and a copy of the project whose path has a space in it.

import { fromFileUrl, relative } from "@std/path";
import { copyFiles, filesBelow } from "../tool/files.ts";
import { root } from "./files.ts";
import { type Chapter } from "./chapter.ts";
import { parse } from "./markdown.ts";

/** A chapter's Markdown: nine lines of front matter and blank, so that `body` begins at line 10. */
export function markdown(body: string): string {
  return `---
title: A test
question: Does it hold?
years: "2005"
kernel: mapcount
katas: []
minutes: 1
---

${body}`;
}

/** A chapter with one cell: its code begins at line 11. */
export function chapterOf(slug: string, code: string, marks = ""): Chapter {
  return parse(
    markdown(`\`\`\`ts${marks && ` ${marks}`}\n${code}\n\`\`\`\n`),
    `chapters/90-${slug}.md`,
  );
}

/** Words and pictures, as many as a chapter must have. */
export const filler: string = `${"word ".repeat(200).trim()}\n\n![a picture](a.svg)\n\n`.repeat(10);

/** A ledger with an entry for each id; it leads to https://example.org/ID. */
export function ledgerOf(...ids: string[]): string {
  return ids.map((id) =>
    `${id}:\n  kind: page\n  title: A page\n  who: Ada Example\n  date: 2005-07-26\n` +
    `  link: https://example.org/${id}\n`
  ).join("");
}

/** Copies what `deno task chapter` needs, with these chapters, to a folder of its own in `dir`; returns its path. */
export async function copyOfProject(
  chapters: Record<string, string>,
  dir?: string,
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "a copy ", ...(dir && { dir }) });
  // What makes pages and judges katas is not needed.
  const needed = (path: string) => !/\/(?:site|kata|client)$|_test\.ts$/.test(path);
  const from = fromFileUrl(root).replace(/\/$/, ""), below = [`${from}/sim`, `${from}/scripts`];
  const found = await Promise.all(below.map((folder) => filesBelow(folder, needed)));
  const paths = found.flat().map((path) => relative(from, path));
  await copyFiles(["deno.json", "deno.lock", ...paths], from, folder);
  await Deno.mkdir(`${folder}/chapters`);
  for (const [name, text] of Object.entries(chapters)) {
    await Deno.writeTextFile(`${folder}/chapters/${name}`, text);
  }
  return folder;
}

/**
 * As above, with a simulator that is taken at its word: that its own types hold is not for these tests to say, and takes
 * a compiler longer than a chapter.
 */
export async function copyForTests(chapters: Record<string, string>): Promise<string> {
  const folder = await copyOfProject(chapters);
  const trust = async (dir: string) => {
    for await (const { name, isDirectory } of Deno.readDir(dir)) {
      const path = `${dir}/${name}`;
      if (isDirectory) await trust(path);
      else if (name.endsWith(".ts")) {
        await Deno.writeTextFile(path, `// @ts-nocheck\n${await Deno.readTextFile(path)}`);
      }
    }
  };
  await trust(`${folder}/sim`);
  return folder;
}

/** What the task may do. */
export const permissions = [
  "--allow-read=.",
  "--allow-write=chapters,.woven",
  "--allow-run=deno,sh",
  "--allow-env=LOG,COLUMNS",
];

/** Runs `deno task chapter` in a copy, as its task would, with colours off and no terminal. */
export async function chapterTask(
  folder: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", ...permissions, "scripts/chapter.ts", ...args],
    cwd: folder,
    env: { NO_COLOR: "1", ...environment },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
