// What the cells of all chapters cost beside `deno test --doc`, which runs each block of Markdown as a module of its own:
// CPU time, user and system, of the process and its children.

import { loadChapters, readText } from "../notebook/files.ts";
import { cellsOf, print } from "../notebook/chapter.ts";
import { copyOfProject, permissions } from "../notebook/testing.ts";
import { Problem } from "../tool/problem.ts";
import { during } from "../tool/terminal.ts";
import { plural } from "../tool/text.ts";
import { measured } from "../tool/measured.ts";
import { line, median, ms } from "./figures.ts";

/** How often each thing is measured; the median counts. */
const rounds = 5;

/** What we ask of ourselves: the share of what `deno test --doc` takes. */
const bars = { run: 100, check: 3 };

/** The lines of the bench about the chapters; `dir` is a folder for copies, which the caller removes. */
export async function chapterLines(dir: string): Promise<string[]> {
  const chapters = await loadChapters();
  const cells = chapters.map((chapter) => cellsOf(chapter).filter(({ marks }) => !marks.ignore));
  const count = cells.flat().length;
  if (count === 0) throw new Problem("there is no cell to measure");
  const ledger = await readText("chapters/ledger.yaml").catch(() => "");
  const texts = Object.fromEntries(
    chapters.map((chapter) => [chapter.path.replace(/.*\//, ""), print(chapter)]),
  );
  const copy = await copyOfProject({ ...texts, ...ledger && { "ledger.yaml": ledger } }, dir);
  const own = await during("the chapters", () => ownCosts(copy, Object.keys(texts)[0]!));
  const blocks = cells.map(({ length }) => length);
  const docs = await during("deno test --doc", () => docCosts(copy, blocks));
  const start = median(await times(rounds, () => cost(copy, "deno run -", { input: "" })));
  const processes = chapters.length + 2;
  return [
    `${plural(chapters.length, "chapter")}, ${
      plural(count, "cell")
    }; CPU time, median of ${rounds}`,
    comparison("woven and run, warm", own.run, docs.warm, bars.run),
    comparison("edited, checked and run", own.check, docs.edited, bars.check),
    `${processes} processes that do nothing take ${ms(start * processes)}: ` +
    "the task, deno info, and one for each chapter",
  ];
}

/** A line that holds what the chapters take against what `deno test --doc` takes. */
function comparison(what: string, own: number, doc: number, bar: number): string {
  const ratio = doc / own;
  return line(
    what,
    `1/${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} of deno test --doc`,
    `${ms(own)} to ${ms(doc)}`,
    `at most 1/${bar}`,
    ratio >= bar,
  );
}

/** What the task takes to run all chapters of a copy, and to check and run them after an edit to one. */
async function ownCosts(copy: string, file: string): Promise<{ run: number; check: number }> {
  // With status 1 it has something to say about a chapter, and has done its work.
  const task = (flags: string) =>
    cost(copy, `deno run -q ${permissions.join(" ")} scripts/chapter.ts ${flags}`, { most: 1 });
  const text = await Deno.readTextFile(`${copy}/chapters/${file}`);
  const edit = (round: number) =>
    Deno.writeTextFile(
      `${copy}/chapters/${file}`,
      text.replace("## Sources", `\`\`\`ts\nkernel.name + ${round};\n\`\`\`\n\n## Sources`),
    );
  await task("");
  const run = median(await times(rounds, () => task("")));
  await task("--check");
  const check = median(
    await times(rounds, async (round) => {
      await edit(round);
      return await task("--check");
    }),
  );
  return { run, check };
}

/** What `deno test --doc` takes for as many blocks in as many files, unchanged, and after an edit to one. */
async function docCosts(
  copy: string,
  blocks: readonly number[],
): Promise<{ warm: number; edited: number }> {
  const folder = `${copy}/doc`;
  await Deno.mkdir(folder);
  const write = async (file: number, address: string) => {
    const text = Array.from({ length: blocks[file]! }, () => block(address)).join("\n");
    await Deno.writeTextFile(`${folder}/${file}.md`, text);
  };
  const test = () => cost(copy, "deno test -q --doc --no-config --no-lock doc");
  for (const file of blocks.keys()) await write(file, "0x7000");
  await test();
  const warm = median(await times(rounds, test));
  const edited = median(
    await times(rounds, async (round) => {
      await write(0, `0x${round + 1}000`);
      return await test();
    }),
  );
  return { warm, edited };
}

/** A block that stands for itself, as `deno test --doc` wants it. */
const block = (address: string) =>
  `\`\`\`ts
import { frames, Lab, mapcount } from "../sim/mod.ts";
const m = new Lab(mapcount);
m.mmap(1, ${address});
m.store(1, ${address}, "secret");
console.log(String(frames(m.state)));
\`\`\`
`;

async function times(rounds: number, work: (round: number) => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) found.push(await work(round));
  return found;
}

/**
 * The CPU time that a command and its children took, in milliseconds.
 *
 * @throws Problem when it ended with a status above `most`, or not by itself
 */
async function cost(
  cwd: string,
  command: string,
  { input, most = 0 }: { input?: string; most?: number } = {},
): Promise<number> {
  const args = command.trim().split(/\s+/);
  const { status, stderr, cpu } = await measured({
    cwd,
    args,
    ...input !== undefined && { input },
  });
  if (status <= most && !stderr.includes("Uncaught")) return cpu;
  throw new Problem(`\`${command}\` could not be measured: status ${status}`, { remedy: stderr });
}
