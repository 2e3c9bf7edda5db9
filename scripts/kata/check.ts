// Proves the katas, whatever the learner has done: an exercise fails by assertion, a solution passes, and every known
// wrong fix is rejected by the test that it names, in words of its own, also when it is spelled in another way.

import { ownFolder, textAt } from "../tool/files.ts";
import { deno } from "../tool/limited.ts";
import { sideBySide } from "../tool/pool.ts";
import { Problem } from "../tool/problem.ts";
import { typeProblems } from "../tool/types.ts";
import { IMPORTING, refusedSuite } from "./given.ts";
import { entriesOf, type Kata, katasOfChapters, readPart } from "./list.ts";
import { runTogether, type Verdict } from "./run.ts";
import { exportsOf, freshNames, renamed } from "./source.ts";

/** What was proved, and what is wrong. */
export interface Proofs {
  /** How many statements about the katas hold. */
  passed: number;
  problems: Problem[];
}

/** How many wrong fixes a kata has at least. */
const WRONG_FIXES = 5;
const SUITE_REMEDY = "Whoever runs the kata runs its suite: it reads no file of theirs.";
/** Orders in which a suite asks; a solution passes in all of them. */
const SEEDS = [1, 2, 3, 4, 5] as const;
/** Words that a learner may take for a slug. */
const COMMANDS = ["list", "watch", "hint", "reset", "solution", "merge"];

interface WrongFix {
  file: string;
  path: string;
  rejectedBy: string;
  source: string;
}

/** Proves all katas; `progress` is told after each, `check` is the compiler. */
export async function checkKatas(
  katas: readonly Kata[],
  progress: (kata: Kata) => void = () => {},
  check: (paths: readonly string[]) => Promise<Problem[]> = typeProblems,
): Promise<Proofs> {
  const proofs: Proofs = { passed: 0, problems: [] };
  const note = (holds: boolean, problem: () => Problem) => {
    if (holds) proofs.passed++;
    else proofs.problems.push(problem());
  };
  if (katas.length === 0) note(false, () => new Problem("there is no kata", { path: "kata" }));
  for (const [i, kata] of katas.entries()) {
    const twin = katas.slice(0, i).find(({ slug }) => slug === kata.slug);
    note(!twin && !COMMANDS.includes(kata.slug), () =>
      new Problem(
        twin ? `${twin.dir} has the same slug` : `"${kata.slug}" is also a command`,
        { path: kata.dir, remedy: "Commands name a kata by its slug: rename the folder." },
      ));
  }
  await checkChapters(katas, note);
  const wrongs = await Promise.all(katas.map(wrongFixes));
  const suites = await Promise.all(katas.map(refusedSuite));
  const paths = katas.flatMap((kata, i) => [
    ...["exercise.ts", "solution.ts", "test.ts"].map((file) => `${kata.dir}/${file}`),
    ...wrongs[i]!.map(({ path }) => path),
  ]);
  const types = check(paths);
  const verdicts = await sideBySide(katas.keys(), async (i) => {
    if (suites[i]) return undefined;
    const verdicts = await judged(katas[i]!, wrongs[i]!);
    progress(katas[i]!);
    return verdicts;
  });
  for (const [i, kata] of katas.entries()) {
    const verdict = verdicts[i], refused = suites[i];
    note(!refused, () => new Problem(refused!.message, { ...refused!, remedy: SUITE_REMEDY }));
    if (verdict) noteKata(kata, wrongs[i]!, verdict, note);
  }
  const found = await types;
  proofs.passed += new Set(paths).size - new Set(found.map(({ place }) => place.path)).size;
  proofs.problems.push(...found);
  return proofs;
}

type Note = (holds: boolean, problem: () => Problem) => void;

/** Chapters and katas name each other. */
async function checkChapters(katas: readonly Kata[], note: Note): Promise<void> {
  for (const { chapter, path, slugs } of await katasOfChapters()) {
    const here = katas.filter((kata) => kata.chapter === chapter).map(({ slug }) => slug);
    for (const slug of new Set([...slugs, ...here])) {
      note(slugs.includes(slug) && here.includes(slug), () =>
        new Problem(
          here.includes(slug)
            ? `the kata ${slug} is not named here`
            : `there is no kata ${slug} of chapter ${chapter}`,
          {
            path,
            line: 1,
            remedy: "`katas:` in the front matter lists the chapter's katas in order.",
          },
        ));
    }
  }
}

/** The verdicts of a kata's files. */
interface Judged {
  exercise: Verdict;
  solution: Verdict;
  wrongs: Verdict[];
  /** The wrong fixes again, with other names and in another layout. */
  respelled: Verdict[];
  /** And asked in other orders, the verdicts of each. */
  reordered: Verdict[][];
}

async function judged(kata: Kata, wrongs: readonly WrongFix[]): Promise<Judged> {
  const [solutionText, ...texts] = await respelled(kata, wrongs);
  const plainText = await solutionOf(kata);
  const [seed, ...otherSeeds] = SEEDS;
  const [exercise, ...verdicts] = await runTogether(kata, [
    { file: "exercise.ts", seed },
    ...SEEDS.map((seed) => ({ file: "solution.ts", seed })),
    ...wrongs.map(({ file }) => ({ file, seed })),
    ...wrongs.map(({ file }, i) => ({ file, seed, source: texts[i]!, solution: solutionText! })),
    ...wrongs.flatMap(({ file, source }) =>
      // A module of its own for each, since some remember what they were asked.
      otherSeeds.map((seed) => ({
        file,
        seed,
        source: `${source}// ${seed}\n`,
        solution: plainText,
      }))
    ),
  ]) as [Verdict, ...Verdict[]];
  const solved = verdicts.splice(0, SEEDS.length);
  const solution = solved.find(({ state }) => state !== "passed") ?? solved[0]!;
  const plain = verdicts.splice(0, wrongs.length), others = verdicts.splice(0, wrongs.length);
  const reordered = wrongs.map(() => verdicts.splice(0, otherSeeds.length));
  return { exercise, solution, wrongs: plain, respelled: others, reordered };
}

/** The text of the solution; its own run says if it is missing. */
async function solutionOf({ dir }: Kata): Promise<string> {
  return await textAt(`${dir}/solution.ts`).catch(() => "");
}

/**
 * The solution and the wrong fixes with other names and in another layout. What only they know of each other is renamed
 * in all of them: but for the names that the suite asks for, nothing of a program is spelled as it was.
 */
async function respelled(kata: Kata, wrongs: readonly WrongFix[]): Promise<string[]> {
  const solution = await solutionOf(kata);
  const sources = [solution, ...wrongs.map(({ source }) => source)];
  const asked = exportsOf(kata.exercise);
  const parts = [...exportsOf(solution).keys()].filter((name) => !asked.has(name));
  const shared = freshNames(parts, sources);
  return await reformatted(sources.map((source) => renamed(source, shared)));
}

function noteKata(kata: Kata, wrongs: readonly WrongFix[], judged: Judged, note: Note): void {
  const { exercise, solution } = judged;
  note(
    kata.hints.length === 3 && kata.hints.every((hint) => hint !== ""),
    () =>
      new Problem("a kata has three hints, each of rising frankness", {
        path: `${kata.dir}/hints.md`,
        line: 1,
        remedy: "`## Hint 1` to `## Hint 3`, from a nudge to nearly the answer.",
      }),
  );
  const todos = kata.exercise.split("TODO").length - 1;
  note(todos === 1, () =>
    new Problem(`the exercise has ${todos} places marked TODO`, {
      path: `${kata.dir}/exercise.ts`,
      line: 1,
      remedy: "Mark the one place to edit: `// TODO: what to do here`",
    }));
  note(
    wrongs.length >= WRONG_FIXES,
    () =>
      new Problem(`${wrongs.length} wrong fixes, a kata has at least ${WRONG_FIXES}`, {
        path: `${kata.dir}/wrong`,
        remedy: "Add what somebody would believe: `// Believed: …`, then `// Rejected by: <test>`.",
      }),
  );
  noteExercise(kata, exercise, note);
  note(
    solution.state === "passed",
    () => new Problem(`the solution does not pass: ${told(solution)}`, placeOf(kata, solution)),
  );
  const seen = new Map<string, WrongFix>();
  for (const [i, wrong] of wrongs.entries()) {
    noteWrong(wrong, judged.wrongs[i]!, judged.respelled[i]!, seen, note);
    const lucky = judged.reordered[i]!.some(({ state }) => state === "passed");
    note(
      !lucky || judged.wrongs[i]!.state === "passed",
      () =>
        new Problem("asked in another order, the wrong fix passes", {
          path: wrong.path,
          line: 1,
          remedy: "Let what rejects it not depend on the order in which the suite asks.",
        }),
    );
  }
}

function noteExercise(kata: Kata, verdict: Verdict, note: Note): void {
  const place = placeOf(kata, verdict);
  note(verdict.state !== "passed", () =>
    new Problem("the exercise passes: it is already solved", {
      ...place,
      remedy: "Take the solution out of it, or let the suite ask for more.",
    }));
  if (verdict.state === "passed") return;
  note(
    verdict.state === "failed" && verdict.failure!.assertion,
    () =>
      new Problem(`the exercise does not fail by assertion: ${told(verdict)}`, {
        ...place,
        remedy:
          "The first red is about the idea: let the exercise load and answer, and answer wrong.",
      }),
  );
}

/** Notes one wrong fix: how it is rejected, by what, and that nothing else is rejected in the same way. */
function noteWrong(
  wrong: WrongFix,
  verdict: Verdict,
  respelled: Verdict,
  seen: Map<string, WrongFix>,
  note: Note,
): void {
  const { path, rejectedBy } = wrong;
  const { state, failure } = verdict;
  const refused = rejectedBy === IMPORTING && failure?.test === IMPORTING;
  const rejected = refused || state === "failed" && failure!.test === rejectedBy;
  note(rejected, () => {
    if (rejectedBy === "") {
      return new Problem("it does not say what it believed and which test rejects it", {
        path,
        line: 1,
        remedy: "// Believed: what its author believed.\n// Rejected by: the name of a test",
      });
    }
    if (state === "failed") {
      return new Problem(`it is rejected by another test: "${failure!.test}"`, {
        path,
        line: 2,
        remedy: `Name that one, or let "${rejectedBy}" come first.`,
      });
    }
    return new Problem(
      state === "passed"
        ? "the wrong fix passes"
        : `it is not rejected by a test: ${told(verdict)}`,
      { path, line: 1, remedy: `Sharpen the suite until "${rejectedBy}" rejects it.` },
    );
  });
  if (!rejected) return;
  note(
    refused || failure!.assertion && failure!.message.trim() !== "",
    () =>
      new Problem(`the failure tells nobody what is wrong: ${told(verdict)}`, {
        path,
        line: 1,
        remedy: "Assert with a message: the promise that is broken, and where to look.",
      }),
  );
  const same = respelled.state === state && respelled.failure!.test === failure!.test &&
    respelled.failure!.message === failure!.message &&
    respelled.failure!.asked === failure!.asked;
  note(
    same,
    () =>
      new Problem(
        `renamed and reformatted, the same fix gets another verdict: ${told(respelled)}`,
        {
          path,
          line: 1,
          remedy: "Let the suite look at what the code does, not at how it is written.",
        },
      ),
  );
  for (const [what, key] of [["assertion", failure!.asked], ["message", failure!.message]]) {
    const other = key ? seen.get(`${what} ${key}`) : undefined;
    note(!other, () =>
      new Problem(`it is rejected by the same ${what} as ${other!.path}`, {
        path,
        line: 1,
        remedy:
          `Two mistakes want two ${what}s: add the example on which they differ, above the other.`,
      }));
    seen.set(`${what} ${key}`, wrong);
  }
}

async function wrongFixes(kata: Kata): Promise<WrongFix[]> {
  const files = (await entriesOf(`${kata.dir}/wrong`)).map(({ name }) => `wrong/${name}`);
  return Promise.all(
    files.filter((file) => file.endsWith(".ts")).sort().map(async (file) => {
      const path = `${kata.dir}/${file}`;
      const source = await readPart(path);
      const [believed, rejected] = source.split("\n");
      const rejectedBy = believed?.match(/^\/\/ Believed: \S/)
        ? rejected?.match(/^\/\/ Rejected by: (.+)$/)?.[1] ?? ""
        : "";
      return { file, path, source, rejectedBy };
    }),
  );
}

/** The same programs in another layout. What does not parse stays as it is: its own run says so better. */
async function reformatted(sources: readonly string[]): Promise<string[]> {
  if (sources.length === 0) return []; // without a file, deno fmt would take the whole project
  const layout = [
    "--no-config",
    "--use-tabs",
    "--line-width=40",
    "--single-quote",
    "--no-semicolons",
  ];
  const folder = `.woven/respelled.${crypto.randomUUID()}`;
  const paths = sources.map((_, i) => `${folder}/${i}.ts`);
  await ownFolder(folder);
  try {
    await Promise.all(paths.map((path, i) => Deno.writeTextFile(path, sources[i]!)));
    const { code, stderr: said } = await deno(["fmt", "--quiet", ...layout, ...paths]);
    if (code !== 0 && !said.includes("Failed to format")) throw new Error(`deno fmt: ${said}`);
    return await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function told({ state, failure }: Verdict): string {
  if (state === "passed" || !failure) return "it passes";
  return `${failure.test}: ${failure.message || "(no message)"}`;
}

function placeOf(kata: Kata, { file, failure }: Verdict): { path: string; line: number } {
  const line = failure?.where?.match(/:(\d+)$/)?.[1];
  return { path: `${kata.dir}/${file}`, line: Number(line ?? 1) };
}
