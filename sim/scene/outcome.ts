/**
 * What came of a scene: what those who read at its end read, in letters and in words, and what of it is wrong by what the
 * scene's file says of right and wrong.
 *
 * @module
 */

import { operations } from "../operations/table.ts";
import type { Release } from "../releases.ts";
import type { VerdictWord } from "../verdict.ts";
import { verdictsIn } from "../view/steps.ts";
import { type Answered, playScene, type Scene, UNAVAILABLE } from "./scene.ts";

/** The bytes that named scenes write: at the beginning, then by the parent, the child, the device. */
const LETTERS: Record<string, string> = {
  0: "zero",
  1: "0",
  2: "P",
  3: "C",
  4: "D",
  segv: "SIGSEGV",
};

/** Who is meant by the operation that reads; a process by its name. */
const READERS: Record<string, string> = {
  gr: "device",
  dwend: "device",
  pr: "pipe",
  tee: "pipe",
  vmend: "reader",
  P0: "parent",
  P1: "child",
};

/** What is answered for a device that was refused its buffer: it reads nothing, which is no wrong. */
const NOBODY = "EFAULT";

/** The operations that somebody reads by. */
const READS = new Set(operations.flatMap(({ scene }) => scene?.reads ? [scene.word] : []));

/** What came of a scene. */
export interface Judged {
  /**
   * `P/P/0`: what the last lines of a named scene read, the device or the pipe first, then the parent, then the child; 0 is
   * the byte at the beginning, P, C and D what the parent, the child and the device wrote. Of a scene that reads nothing,
   * `reuse` or `copy`: what its last write did to the frame.
   */
  readonly outcome: string;
  /** `device new, parent new, child old`: the same, a part for each who read; new is what the parent wrote. */
  readonly words: readonly string[];
  /** Which of these parts are wrong. */
  readonly wrong: readonly number[];
  /**
   * The verdicts on the states on the way, as the pictures of the scene's film have them, from its page tables and holders
   * alone. Where a part is wrong one of them says what happened; where a scene promises nothing they may stand for nothing
   * that is wrong: `parted` of a pipe that was promised no more.
   */
  readonly verdicts: readonly VerdictWord[];
}

/**
 * Runs a scene and judges it.
 *
 * @returns undefined when the machine lacks an operation of the scene
 */
export function judge(
  scene: Pick<Scene, "lines" | "keeps" | "hides">,
  release: Release,
): Judged | undefined {
  const { lines, keeps = [], hides = [] } = scene;
  const { answers, trace } = playScene(lines, release), verdicts = verdictsIn(trace);
  if (answers.includes(UNAVAILABLE)) return undefined;
  const from = readsFrom(lines);
  const read = lines.slice(from).map((line, at) => ({
    line,
    answer: answers[from + at]!.replace(/ f\d$/, ""),
  }));
  if (read.length === 0) {
    const same = answers.findLast((answer) => /^ok f/.test(answer))?.endsWith("same");
    return {
      outcome: same ? "reuse" : "copy",
      words: [same ? "kept" : "copied"],
      wrong: [],
      verdicts,
    };
  }
  const is = (rule: Answered, one: Answered) => rule.line === one.line;
  const wrong = read.flatMap((one, at) => {
    const missed = one.answer !== NOBODY &&
      keeps.some((rule) => is(rule, one) && rule.answer !== one.answer);
    const leaked = hides.some((rule) => is(rule, one) && rule.answer === one.answer);
    return missed || leaked ? [at] : [];
  });
  const outcome = read.map(({ answer }) => LETTERS[byteOf(answer)] ?? byteOf(answer)).join("/");
  return { outcome, words: read.map((one) => wordsOf(one, read)), wrong, verdicts };
}

/** What came of a scene in letters, as {@linkcode Judged.outcome}; undefined when the machine lacks an operation of it. */
export function outcome(scene: Pick<Scene, "lines">, release: Release): string | undefined {
  return judge(scene, release)?.outcome;
}

/** What is right, in words: `device new; child not new`; empty for a scene that says nothing of it. */
export function rightOf({ lines, keeps = [], hides = [] }: Scene): string {
  const read = lines.slice(readsFrom(lines)).map((line) => ({ line, answer: "" }));
  return [
    ...keeps.map((rule) => wordsOf(rule, read)),
    ...hides.map((rule) => wordsOf(rule, read, "not ")),
  ].join("; ");
}

/** Where the lines begin by which a scene only reads. */
function readsFrom(lines: readonly string[]): number {
  return lines.findLastIndex((line) => !READS.has(line.split(" ")[1]!)) + 1;
}

/** `device old`; of one who reads several pages, `parent a1 old`. */
function wordsOf({ line, answer }: Answered, read: readonly Answered[], not = ""): string {
  const who = readerOf(line);
  const pages = new Set(read.filter((one) => readerOf(one.line) === who).map(({ line }) => line));
  const page = pages.size > 1 ? ` ${line.split(" ")[2]}` : "";
  return `${who}${page} ${not}${valueOf(byteOf(answer), who)}`;
}

function readerOf(line: string): string {
  const [actor = "", word = ""] = line.split(" ");
  return READERS[word] ?? READERS[actor] ?? actor;
}

function byteOf(answer: string): string {
  return answer.replace(/^=/, "");
}

/** A byte by whose it is. */
function valueOf(byte: string, who: string): string {
  const by = (writer: string) => who === writer ? "its own" : `the ${writer}'s`;
  switch (byte) {
    case "0":
      return "zeros";
    case "1":
      return "old";
    case "2":
      return "new";
    case "3":
      return by("child");
    case "4":
      return by("device");
    case NOBODY:
      return "refused";
    default:
      return LETTERS[byte] ?? (/^\d+$/.test(byte) ? "the file's" : byte);
  }
}
