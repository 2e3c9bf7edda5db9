// What lies in folders: a kata, and a learner's progress. They are read from a project of one kata, in which one file is
// another, a folder, no text or not there.

import { mergedLines, readLearners } from "../kata/merge.ts";
import { refusedImport, refusedSuite } from "../kata/given.ts";
import { katasOfChapters, loadKatas } from "../kata/list.ts";
import { lookUpLines } from "../kata/look_up.ts";
import { keyOf, readProgress } from "../kata/progress.ts";
import { exportsOf, freshNames, renamed, signaturesOf } from "../kata/source.ts";
import { sumKata } from "../kata/toy.ts";
import { listLines } from "../kata/verdict_lines.ts";
import { markdownLines } from "../tool/markdown.ts";
import { shown } from "../tool/terminal.ts";
import type { Target } from "./target.ts";

const KATA = "kata/00-the-sum", PROGRESS = ".progress.json";

/** What a file is replaced by: the first line of a text says it. */
const REPLACED = /^(file|folder|bytes|nothing) ([\w./-]+)$/;

const ENTRY = {
  ...{ attempt: "0123456789ab", suite: "0123456789ab", sim: "0123456789ab" },
  ...{ state: "failed", passed: 1, total: 3, hints: 2, solved: true },
};

/** Makes the project in a folder, and makes that the current one. */
export async function folderTargets(folder: string): Promise<Target[]> {
  const files: Record<string, string> = {
    ...sumKata("00-the-sum", { "attempt.ts": "export const mine = 1;\n" }),
    "kata/expect.ts": "export const a = 1;\n",
    "sim/mod.ts": "export type Mm = number;\n",
    "chapters/00-owners.md": "---\ntitle: Owners\nkatas: [the-sum]\n---\n\n# Owners\n",
  };
  for (const [path, text] of Object.entries(files)) {
    const place = `${folder}/${path}`;
    await Deno.mkdir(place.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(place, text);
  }
  Deno.chdir(folder);
  const kinds = ["file", "file", "file", "folder", "bytes", "nothing"];
  const bases = Object.entries(files).flatMap(([path, text]) =>
    kinds.map((kind) => `${kind} ${path}\n${text}`)
  );
  const entry = (more = {}) =>
    JSON.stringify({ version: 1, katas: { "the-sum": { ...ENTRY, ...more } } });
  return [
    {
      name: "kata",
      path: KATA,
      bases,
      weight: 4,
      async read(text) {
        const [first = "", ...rest] = text.split("\n");
        const [, kind = "file", path = `${KATA}/README.md`] = first.match(REPLACED) ?? [];
        if (files[path] === undefined) return [];
        await replace(path, kind, rest.join("\n"));
        try {
          await readKatas();
        } finally {
          await Deno.remove(path, { recursive: true }).catch(() => {});
          await Deno.writeTextFile(path, files[path]);
        }
        return [];
      },
    },
    {
      name: "progress",
      path: PROGRESS,
      bases: [entry(), `${entry({ state: "broken", later: [1] })}\n`],
      weight: 2,
      async read(text) {
        await Deno.writeTextFile(PROGRESS, text);
        try {
          const learners = await readLearners([`${Deno.cwd()}/${PROGRESS}`]);
          (await mergedLines(await loadKatas(), learners, 60)).map(shown);
        } finally {
          await readOwn(text);
          await Deno.remove(PROGRESS).catch(() => {});
        }
        return [];
      },
    },
  ];
}

async function replace(path: string, kind: string, text: string): Promise<void> {
  if (kind === "folder" || kind === "nothing") await Deno.remove(path);
  if (kind === "folder") await Deno.mkdir(path);
  if (kind === "file") await Deno.writeTextFile(path, text);
  if (kind === "bytes") await Deno.writeFile(path, Uint8Array.from(text, (c) => c.charCodeAt(0)));
}

/** What the list, a run's beginning, its hints and the proof make of the katas, before anything of them runs. */
async function readKatas(): Promise<void> {
  const katas = await loadKatas();
  await katasOfChapters();
  listLines(katas, new Map(), new Set(), 60).map(shown);
  for (const kata of katas) {
    for (const markdown of [kata.brief, ...kata.hints]) {
      markdownLines(markdown, `${kata.dir}/`, 60).map(shown);
    }
    await lookUpLines(kata, 60);
    await keyOf(kata, "");
    await refusedSuite(kata);
    refusedImport(kata.exercise, "exercise.ts");
    signaturesOf(kata.exercise);
    const names = [...exportsOf(kata.exercise).keys()];
    renamed(kata.exercise, freshNames(names, [kata.exercise]));
  }
}

/** The learner's own file is read as progress, or kept aside letter by letter. */
async function readOwn(text: string): Promise<void> {
  const notes: string[] = [];
  const entries = await readProgress((note) => notes.push(note));
  listLines(await loadKatas(), entries, new Set(entries.keys()), 60).map(shown);
  const copy = notes.join().match(/kept as (\S+?):?,/)?.[1];
  if (copy === undefined) return;
  const kept = await Deno.readTextFile(copy);
  await Deno.remove(copy);
  if (kept !== text) throw new Error(`${copy} is not what there was`);
}
