// The whole site in memory: `site` writes it to a folder, `learn` serves it.

import { dirname, join } from "@std/path";
import type { Kata } from "../kata/list.ts";
import type { Elsewhere } from "../notebook/kernels.ts";
import type { Replayed } from "../notebook/deeds.ts";
import type { CellResult } from "../notebook/harness.ts";
import { type Chapter, print } from "../notebook/chapter.ts";
import { shortened, targetOf } from "../notebook/target.ts";
import { toClassic, weave } from "../notebook/weave.ts";
import { hashOf } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { besideScript } from "./beside.ts";
import { chapterPage, chapterPath } from "./chapter_page.ts";
import type { History } from "./history.ts";
import { HAZARDS, hazardsPage } from "./hazards_page.ts";
import type { Heat } from "./heat.ts";
import { type Build, href, type Page, page } from "./html.ts";
import { indexPage } from "./index_page.ts";
import { kataPage, kataPath } from "./kata_page.ts";
import { type Licence, licencesPage } from "./licences.ts";
import { missingPage } from "./missing_page.ts";
import { problemPage } from "./problem_page.ts";
import type { Context } from "./prose.ts";
import { sceneParts } from "./scene_page.ts";
import { sourcePage, sourcePath, symbols, textPage } from "./source_page.ts";
import { timeline } from "./timeline.ts";

/** What the site is made of. */
export interface Course {
  chapters: readonly Chapter[];
  katas: readonly Kata[];
  /** What each chapter's cells came to, by slug, or why the chapter did not run. */
  runs: ReadonlyMap<string, { cells: readonly CellResult[]; problem?: Problem }>;
  /** How each chapter's cells come out on other kernels, by slug. */
  elsewhere: ReadonlyMap<string, Elsewhere>;
  /** What the timeline shows; undefined for a course without a ledger. */
  history?: History;
  /** What came of the named scenes on each kernel; undefined for a course without them. */
  heat?: Heat;
  /** Where the operations of cells were seen. */
  replayed: Replayed;
  /** What is wrong with chapters and katas that could not even be read. */
  problems: readonly Problem[];
  /** On what terms all of it is passed on. */
  licences: readonly Licence[];
  /** The text of a file of the project, by its path from the root; undefined when there is none. */
  read(path: string): string | undefined;
}

/** A site: its files by their paths. A chapter with a problem has a page that tells it. */
export interface Site {
  files: Map<string, string>;
  problems: Problem[];
}

/** An address as its author may have written it. */
function unescaped(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/**
 * The cells of a chapter as data: a script, since from file:// nothing else can be loaded, that hands the page a string.
 * Only the worker in its frame reads it as code.
 */
function cellsScript(chapter: Chapter): string {
  const text = JSON.stringify(toClassic(weave(chapter, hashOf(print(chapter)))));
  // In a script, "<!--" and "-->" begin comments.
  const inert = text.replace(
    /[<>\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `pinnedCells(${inert});\n`;
}

/** Builds every page of the course, and a page for each source that they lead to. */
export function pages(course: Course, build: Build): Site {
  const files = new Map<string, string>();
  const problems = [...course.problems];
  const sources = new Set(["sim/mod.ts"]);
  const katas = new Map(course.katas.map((kata) => [kata.slug, kata]));
  const add = (made: Page) => files.set(made.path, page(made, build));

  /** Adds a page, or where there is a problem the page that tells it. */
  const attempt = (path: string, make: () => Page) => {
    try {
      add(make());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(error);
      add(problemPage(path, error));
    }
  };

  for (const [at, chapter] of course.chapters.entries()) {
    attempt(chapterPath(chapter), () => {
      const run = course.runs.get(chapter.slug);
      if (run?.problem) throw run.problem;
      const elsewhere = course.elsewhere.get(chapter.slug);
      const made = chapterPage(
        chapter,
        run?.cells ?? [],
        linker(chapter.path, print(chapter), chapterPath(chapter)),
        {
          previous: course.chapters[at - 1],
          next: course.chapters[at + 1],
          katas: chapter.front.katas.flatMap((slug) => katas.get(slug) ?? []),
        },
        course.replayed,
        elsewhere,
      );
      if (elsewhere) {
        const path = `chapters/${chapter.slug}.beside.js`;
        files.set(path, besideScript(elsewhere, chapter.front.kernel));
      }
      files.set(`chapters/${chapter.slug}.run.js`, cellsScript(chapter));
      return made;
    });
  }
  for (const kata of course.katas) {
    const chapter = course.chapters.find(({ number }) => number === kata.chapter);
    const link = linker(`${kata.dir}/README.md`, kata.brief, kataPath(kata));
    attempt(kataPath(kata), () => kataPage(kata, chapter, link, build));
  }
  for (const problem of course.problems) {
    const slug = /^chapters\/\d+-(.+)\.md$/.exec(problem.place.path ?? "")?.[1];
    const path = `chapters/${slug}.html`;
    if (slug && !files.has(path)) add(problemPage(path, problem));
  }
  if (course.heat) {
    for (const { scene } of course.heat.rows) sources.add(`sim/scenes/${scene.name}.scene`);
    add(hazardsPage(course.heat));
  }
  // A set is walked in the order in which it grows: a source's imports are shipped as well.
  for (const file of sources) {
    const text = course.read(file);
    const to = (specifier: string) =>
      href(sourcePath(file), sourceOf(join(dirname(file), specifier)));
    if (text === undefined) continue;
    attempt(
      sourcePath(file),
      () =>
        file.endsWith(".md")
          ? textPage(file, text, linker(file, text, sourcePath(file)))
          : sourcePage(file, text, to, partsOf(file)),
    );
  }
  add(licencesPage(course.licences));
  add(missingPage(course.chapters));
  files.set("robots.txt", "User-agent: *\nAllow: /\n");
  const { history, heat } = course;
  add(indexPage(course.chapters, katas, problems, {
    timeline: history && timeline(history, "index.html"),
    hazards: heat && HAZARDS,
  }));
  return { files, problems };

  function partsOf(file: string) {
    return course.heat && sceneParts(file, sourcePath(file), course.heat, HAZARDS);
  }

  /** The page of a file, which will be shipped. */
  function sourceOf(file: string, symbol?: string): string {
    sources.add(file);
    return sourcePath(file) + (symbol ? `#${symbol}` : "");
  }

  /** Where the links of a Markdown file, whose text is `source`, lead on the page made of it: where they do on GitHub. */
  function linker(file: string, source: string, from: string): NonNullable<Context["link"]> {
    const nowhere = (address: string, text: string, remedy: string) => {
      const lines = source.split("\n");
      const marks = [address, unescaped(address), `[${text}]`];
      const line = marks.map((mark) => lines.findIndex((line) => line.includes(mark)) + 1);
      return new Problem(`the link to ${shortened(address)} leads nowhere`, {
        path: file,
        line: line.find((line) => line > 0),
        remedy,
      });
    };
    return (address, text) => {
      const counted = /^#count:([^.]*)/.exec(address)?.[1];
      if (counted !== undefined) return `#${counted}`;
      const seen = /^#seen:(.+)$/.exec(address)?.[1];
      const to = targetOf(seen ? `../sim/scenes/${seen}.scene` : address, file);
      if (to === "far") return address;
      if ("wrong" in to) throw nowhere(address, text, `${to.wrong}\n${to.remedy}`);
      const { path: target, anchor: hash } = to;
      if (!target) return address;
      const [, chapterSlug] = /^chapters\/\d+-([^/]+)\.md$/.exec(target) ?? [];
      const [, kataSlug] = /^kata\/\d+-([^/]+)(?:\/README\.md)?$/.exec(target) ?? [];
      const after = hash ? `#${hash}` : "";
      if (course.chapters.some(({ slug }) => slug === chapterSlug)) {
        return href(from, `chapters/${chapterSlug}.html${after}`);
      }
      if (kataSlug && katas.has(kataSlug)) return href(from, `kata/${kataSlug}.html${after}`);
      const found = course.read(target);
      if (found === undefined) {
        throw nowhere(
          address,
          text,
          `There is no file ${target} that git tracks: links are relative to the file that they stand in`,
        );
      }
      const symbol = /^`?(\w+)(?:\(\))?`?$/.exec(text)?.[1];
      return href(
        from,
        sourceOf(target, hash ?? (symbol && symbols(found).has(symbol) ? symbol : undefined)),
      );
    };
  }
}
