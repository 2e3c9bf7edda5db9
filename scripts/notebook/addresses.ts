// From the engine's addresses to the reader's: a position in a woven module is the same position in the chapter.

import type { Place } from "../tool/problem.ts";
import { root } from "./files.ts";
import type { Module } from "./chapter.ts";

/** Text in which every address of a woven module is its chapter's path, and every path starts at the project's folder. */
export function chapterText(text: string, modules: readonly Module[]): string {
  let mapped = text;
  for (const { url, chapter } of modules) {
    mapped = mapped.replaceAll(url, chapter.path).replaceAll(shortened(url), chapter.path);
  }
  return mapped.replaceAll(root.href, "");
}

/** A data: URL as Deno writes it into stacks: the first and the last twenty characters of its data. */
function shortened(url: string): string {
  return url.replace(/^(data:[^,]*,.{20}).*(.{20})$/, "$1......$2");
}

/** The first position in a chapter that a stack names. */
export function placeInStack(
  stack: string,
  path: string,
): { line: number; column: number } | undefined {
  const [before, after] = stack.split(`${path}:`, 2);
  const [, line, column] = before === undefined ? [] : after?.match(/^(\d+):(\d+)/) ?? [];
  return line && column ? { line: Number(line), column: Number(column) } : undefined;
}

/** The frames of a stack that a reader can open: the chapter's and the simulator's. */
export function readableFrames(stack: string): string[] {
  return stack.split("\n").map((frame) => frame.trim()).filter((frame) =>
    /^at .*\b(?:chapters|sim)\/\S+:\d+:\d+\)?$/.test(frame)
  ).slice(0, 8);
}

/** The message and the place of Deno's `SyntaxError: … at path:line:column`, its excerpt of the source left out. */
export function syntaxPlace(text: string, place: Place): [message: string, place: Place] {
  const [first = ""] = text.split("\n");
  const [, line, column] = text.match(/\bat \S+?:(\d+):(\d+)\s*$/) ?? [];
  const message = first.replace(/^(?:TypeError: |SyntaxError: )+/, "").replace(
    / at \S+:\d+:\d+$/,
    "",
  );
  return [message, line ? { ...place, line: Number(line), column: Number(column) } : place];
}

/** A TypeScript module that is its own address. */
export function dataUrl(text: string): string {
  return `data:application/typescript;base64,${new TextEncoder().encode(text).toBase64()}`;
}
