// Where the chapters are and how they are read and written; every task of the notebook starts here.

import { unlessMissing } from "../tool/files.ts";
import { readOwn, realOwn } from "../tool/own.ts";
import { Problem } from "../tool/problem.ts";
import { type Chapter } from "./chapter.ts";
import { parse } from "./markdown.ts";

/** The project's folder, wherever it was copied to; ends in a slash. */
export const root: URL = new URL("../../", import.meta.url);

/**
 * Reads every chapter, in order. One that cannot be read does not hide the others.
 *
 * A file belongs to the course when its name begins with a digit: `chapters/README.md` is left alone.
 */
export async function readChapters(): Promise<{ chapters: Chapter[]; problems: Problem[] }> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(new URL("chapters/", root))) {
      if (!isDirectory && /^\d.*\.md$/.test(name)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const chapters: Chapter[] = [];
  const problems: Problem[] = [];
  for (const name of names.sort()) {
    const path = `chapters/${name}`;
    try {
      const chapter = parse(await readText(path), path);
      const twin = chapters.find(({ number, slug }) =>
        number === chapter.number || slug === chapter.slug
      );
      if (twin) {
        throw new Problem(`${twin.path} has the same number or slug`, {
          path,
          remedy: "Links and commands name a chapter by either: rename one of the two files",
        });
      }
      chapters.push(chapter);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue; // it went while we looked
      if (!(error instanceof Problem)) throw error;
      problems.push(error);
    }
  }
  return { chapters, problems };
}

/** Every chapter, in order. Throws the first {@linkcode Problem}. */
export async function loadChapters(): Promise<Chapter[]> {
  const { chapters, problems } = await readChapters();
  if (problems[0]) throw problems[0];
  return chapters;
}

/** The briefs of the katas, in order. */
export async function readBriefs(): Promise<{ path: string; text: string }[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(fileUrl("kata"))) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const paths = names.sort().map((name) => `kata/${name}/README.md`);
  const read = paths.map(async (path) => ({ path, text: await unlessMissing(readText(path)) }));
  return (await Promise.all(read)).flatMap(({ path, text }) =>
    text === undefined ? [] : [{ path, text }]
  );
}

/** The text of a file of the project. Throws a {@linkcode Problem} when it is not UTF-8: it could not be written back. */
// deno-lint-ignore require-await
export async function readText(path: string): Promise<string> {
  return readOwn(path);
}

/** What is at a path of the project: a file's text if it is TypeScript, "" for anything else, undefined for nothing. */
export async function lookAt(path: string): Promise<string | undefined> {
  try {
    const { isFile } = await Deno.stat(fileUrl(realOwn(path)));
    return isFile && path.endsWith(".ts") ? readOwn(path) : "";
  } catch (error) {
    if (error instanceof Problem || error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const fileUrl = (path: string): URL =>
  new URL(path.split("/").map(encodeURIComponent).join("/"), root);
