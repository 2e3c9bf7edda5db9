// Whose code the site ships beside our own, and on what terms: the texts of the packages that are linked into a script, as
// the packages themselves have them.

import { Problem } from "../tool/problem.ts";
import { markup, type Page } from "./html.ts";

/** A text of terms, and what stands under them. */
export interface Licence {
  /** "sucrase 3.35.1" */
  name: string;
  /** The scripts that hold code of it. */
  scripts: string[];
  text: string;
}

/** What packages call the file. */
const FILES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license", "LICENSE-MIT"];

/** The licences of the packages that these files belong to, each once. @throws Problem where a package brings none */
export async function licencesOf(urls: Iterable<string>, script: string): Promise<Licence[]> {
  const found = new Map<string, Licence>();
  for (const url of urls) {
    const { root, name } = await packageOf(url);
    if (found.has(name)) continue;
    let text: string | undefined;
    for (const file of FILES) text ??= await packed<string>(new URL(file, root), "text");
    if (text === undefined) {
      throw new Problem(`the package ${name} brings no licence`, {
        remedy: `${script} holds its code: find out on what terms, or do without it`,
      });
    }
    found.set(name, { name, scripts: [script], text: text.trim() });
  }
  return [...found.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The package of a file: the nearest folder above it whose package.json has a name and a version. */
async function packageOf(url: string): Promise<{ root: URL; name: string }> {
  for (let root = new URL("./", url); root.pathname !== "/"; root = new URL("../", root)) {
    const made = await packed<Record<string, string>>(new URL("package.json", root), "json");
    const { name, version } = made ?? {};
    if (name && version) return { root, name: `${name} ${version}` };
  }
  throw new Problem(`${new URL(url).pathname.split("/").at(-1)} belongs to no package`);
}

/** A package's file, which takes no permission to read; undefined where there is none. */
async function packed<Content>(url: URL, type: "text" | "json"): Promise<Content | undefined> {
  try {
    return (await import(url.href, { with: { type } })).default;
  } catch {
    return undefined;
  }
}

/** The texts as a file that lies beside a script. */
export function licencesText(licences: readonly Licence[]): string {
  return licences.map(({ name, text }) => `${name}\n\n${text}\n`).join(`\n${"-".repeat(80)}\n\n`);
}

/** The page of all of them. */
export function licencesPage(licences: readonly Licence[]): Page {
  return {
    path: "licences.html",
    title: "Licences",
    description: "On what terms the course, and the code of others in it, may be used.",
    kind: "text",
    main: markup`
      <header class="title"><h1>Licences</h1></header>
      <article>
      ${
      licences.map(({ name, scripts, text }) =>
        markup`<h2>${name}</h2>
${
          scripts.map((script) => markup`<p>Code of it is in <code>${script}</code>.</p>\n`)
        }<pre class="text" tabindex="0" role="group" aria-label="The licence of ${name}">${text}</pre>
`
      )
    }</article>
    `,
  };
}
