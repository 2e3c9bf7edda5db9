// The katas on disk, in the order in which they are meant: by chapter, and within one as its front matter lists them.
// Paths are relative to the root of the project, where every task runs.

import { textAt, unlessMissing } from "../tool/files.ts";
import { noSuch } from "../tool/nearest.ts";
import { readOwn } from "../tool/own.ts";
import { refuseDeep } from "../tool/nesting.ts";
import { Problem, systemProblem } from "../tool/problem.ts";
import { readYaml } from "../tool/yaml.ts";

/** A kata, as its author wrote it; nothing of the learner's. */
export interface Kata {
  slug: string;
  /** The number of its chapter, "00". */
  chapter: string;
  /** "kata/00-last-writer" */
  dir: string;
  title: string;
  /** README.md as Markdown, from its `# Title` on. */
  brief: string;
  /** From a nudge to nearly the answer, Markdown; of hints.md, which nothing opens but `kata hint` and the page. */
  hints: string[];
  /** The pristine source that a learner starts from. */
  exercise: string;
  minutes: number;
}

/** Reads every kata; none where there is no folder of them. @throws Problem where one does not have the format */
export async function loadKatas(): Promise<Kata[]> {
  const dirs: string[] = [];
  for (const { name, isDirectory } of await entriesOf("kata")) {
    const dir = `kata/${name}`;
    if (!isDirectory || !/^\d\d-/.test(name) || !await isKata(dir)) continue;
    if (!/^\d\d-[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) {
      throw new Problem("a kata's folder is named for its chapter and slug", {
        path: dir,
        remedy: "Such as kata/00-last-writer: small letters, digits and hyphens",
      });
    }
    dirs.push(dir);
  }
  const katas = await Promise.all(dirs.map(loadKata));
  const order = (await katasOfChapters()).flatMap(({ slugs }) => slugs);
  const place = ({ slug }: Kata) => (order.indexOf(slug) + 1) || Infinity;
  return katas.sort((a, b) =>
    Number(a.chapter) - Number(b.chapter) || compare(place(a), place(b)) || compare(a.slug, b.slug)
  );
}

/** A folder where only a learner's attempts are left, say after a change of branch, is no kata. */
async function isKata(dir: string): Promise<boolean> {
  return (await entriesOf(dir)).some(({ name }) => !name.startsWith("attempt."));
}

/** What is in a folder; nothing where there is none. @throws Problem where it cannot be read */
export async function entriesOf(dir: string): Promise<Deno.DirEntry[]> {
  try {
    return await unlessMissing(Array.fromAsync(Deno.readDir(dir))) ?? [];
  } catch (error) {
    throw systemProblem(error, dir) ?? error;
  }
}

async function loadKata(dir: string): Promise<Kata> {
  const [readme, hints, exercise] = await Promise.all([
    readPart(`${dir}/README.md`),
    readPart(`${dir}/hints.md`),
    readPart(`${dir}/exercise.ts`),
  ]);
  const [, chapter, slug] = dir.match(/^kata\/(\d\d)-(.+)$/)!;
  return {
    slug: slug!,
    chapter: chapter!,
    dir,
    exercise,
    hints: parseHints(hints, `${dir}/hints.md`),
    ...parseReadme(readme, `${dir}/README.md`),
  };
}

/** Splits a README into what a kata shows. @throws Problem where the format is not kept */
export function parseReadme(
  text: string,
  path: string,
): Pick<Kata, "title" | "brief" | "minutes"> {
  refuseDeep(text, path);
  const lines = text.split("\n");
  const title = lines[0]?.match(/^# (.+)$/)?.[1];
  if (!title) {
    throw new Problem("a kata opens with its title", { path, line: 1, remedy: "# The title" });
  }
  const hints = lines.indexOf("## Hints");
  if (hints >= 0) {
    const remedy = "Move them to hints.md: who reads what a kata is about has not asked for them.";
    throw new Problem("hints stand in plain sight", { path, line: hints + 1, remedy });
  }
  const minutes = text.match(/^Takes (\d+) minutes\.$/m)?.[1];
  if (!minutes) {
    throw new Problem("the time it takes is missing", {
      path,
      line: lines.length,
      remedy: "Give it a line of its own, the last: `Takes 10 minutes.`",
    });
  }
  return { title, brief: text.trim(), minutes: Number(minutes) };
}

/** Splits hints.md into hints; nothing of it is none. @throws Problem where the format is not kept */
export function parseHints(text: string, path: string): string[] {
  refuseDeep(text, path);
  const hints: string[][] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.startsWith("## ")) {
      const wanted = `## Hint ${hints.length + 1}`;
      if (line !== wanted) {
        throw new Problem(`expected the heading "${wanted}"`, { path, line: at + 1 });
      }
      hints.push([]);
    } else hints.at(-1)?.push(line);
  }
  return hints.map((hint) => hint.join("\n").trim());
}

/** The katas that a person names: one by "last-writer" or "00-last-writer", those of a chapter by "00" or "0". */
export function katasNamed(katas: readonly Kata[], name: string): Kata[] {
  return katas.filter((kata) =>
    name === kata.slug || name === `${kata.chapter}-${kata.slug}` ||
    /^\d+$/.test(name) && Number(name) === Number(kata.chapter)
  );
}

/**
 * As above, where it is one kata.
 *
 * @param others what else may have been meant
 * @throws Problem that names those that were meant, or one that is near
 */
export function findKata(
  katas: readonly Kata[],
  name: string,
  others: readonly string[] = [],
): Kata {
  const [found, ...more] = katasNamed(katas, name);
  if (found && more.length === 0) return found;
  const slugs = (found ? [found, ...more] : katas).map(({ slug }) => slug);
  if (!found) throw noSuch("kata", name, [...slugs, ...others], "deno task kata lists them");
  throw new Problem(`chapter ${found.chapter} has ${slugs.length} katas`, {
    remedy: `Name one of them: ${slugs.join(", ")}`,
  });
}

/** Which katas each chapter names, in its order; `chapter` is its number. */
export async function katasOfChapters(): Promise<
  { chapter: string; path: string; slugs: string[] }[]
> {
  const names = (await entriesOf("chapters")).map(({ name }) => name);
  const paths = names.filter((name) => /^\d\d-.+\.md$/.test(name)).map((name) =>
    `chapters/${name}`
  );
  return Promise.all(
    paths.sort().map(async (path) => {
      const chapter = path.slice("chapters/".length, "chapters/".length + 2);
      try {
        const [, head = ""] = (await textAt(path)).match(/^---\n([^]*?)^---/m) ?? [];
        const { katas } = readYaml(head, { what: "the front matter", path });
        const slugs = Array.isArray(katas) ? katas.filter((slug) => typeof slug === "string") : [];
        return { chapter, path, slugs };
      } catch {
        return { chapter, path, slugs: [] }; // A malformed chapter is `deno task chapter`'s to report.
      }
    }),
  );
}

/** The text of a file that belongs to a kata. @throws Problem where there is none */
// deno-lint-ignore require-await
export async function readPart(path: string): Promise<string> {
  try {
    return readOwn(path, Deno.cwd());
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Problem("a kata has this file", {
      path,
      remedy: "See kata/00-last-writer for what belongs to a kata.",
    });
  }
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
