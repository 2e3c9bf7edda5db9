// The questions before cells: what is asked, what can be answered, and which answer a cell's output confirms.

import { Lexer } from "marked";
import { Problem } from "../tool/problem.ts";
import { type CellResult, outputText } from "./harness.ts";
import type { Chapter, Choice, Predict } from "./chapter.ts";

/**
 * Reads what stands between the fences of a ```predict: the question, then a list with a choice a line.
 *
 * @param inside its lines, with their line ends; `line` is that of the opening fence
 */
export function parsePredict(
  inside: readonly string[],
  path: string,
  line: number,
): { question: string; choices: Choice[] } {
  const refuse = (message: string, at: number): never => {
    throw new Problem(message, { path, line: at, remedy });
  };
  const question: string[] = [];
  const items: { line: number; words: string[] }[] = [];
  for (const [index, text] of inside.entries()) {
    const words = text.trim();
    const choice = text.match(/^[-*] +(.*?)\s*$/);
    if (choice) items.push({ line: line + 1 + index, words: [choice[1]!] });
    else if (words) (items.at(-1)?.words ?? question).push(words);
  }
  if (question.length === 0) refuse("nothing is asked here", line);
  if (items.length < 2) refuse("a question has at least two choices", line);
  const choices = items.map(({ line, words }) => {
    const text = words.join(" ");
    const spans = Lexer.lexInline(text).filter(({ type }) => type === "codespan");
    const confirms = (spans.at(-1) as { text: string } | undefined)?.text;
    if (!confirms) refuse("this choice does not say what would confirm it", line);
    return { text, confirms: confirms! };
  });
  return { question: question.join(" "), choices };
}

const remedy = "It is a question and a list, each choice with a code span that says what would " +
  "stand in the output:\nWhat does the child find?\n- the old text: `the child reads old`\n" +
  "- nothing: `the child gets SIGSEGV`";

/** The letters of people for choices: a, b, … */
export const letter = (index: number): string => String.fromCharCode(97 + index);

/** The indices of the choices that an output confirms: their text is a line of it, or a part of one. */
export function confirmed({ choices }: Predict, output: string): number[] {
  const lines = output.split("\n");
  return choices.flatMap(({ confirms }, index) =>
    lines.some((line) => line.includes(confirms)) ? [index] : []
  );
}

/** Each question that its cell's output does not answer, or answers twice. */
export function predictProblems(chapter: Chapter, results: readonly CellResult[]): Problem[] {
  return chapter.segments.flatMap((segment) => {
    const result = results.find(({ index }) =>
      segment.kind === "predict" && index === segment.cell
    );
    if (segment.kind !== "predict" || !result || result.error) return [];
    const right = confirmed(segment, outputText(result));
    if (right.length === 1) return [];
    const what = right.length === 0
      ? "confirms no choice"
      : `confirms more than one choice: ${right.map(letter).join(", ")}`;
    return [
      new Problem(`the output of the next cell ${what}`, {
        path: chapter.path,
        line: segment.line,
        remedy: "Exactly one choice has a code span that is a line of the output, or a part of one",
      }),
    ];
  });
}
