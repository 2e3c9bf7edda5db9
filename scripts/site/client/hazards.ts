/// <reference lib="dom" />
// On the table of hazards: the reader types a kernel, or pastes what `uname -r` prints, and its column is marked.

import type { Release, releaseNamed, runs } from "../../../sim/mod.ts";

/** What the build links beside this: `sim/releases.ts`, and nothing else of the machine. */
declare const pinned_hazards: (
  name: "releases",
) => { releaseNamed: typeof releaseNamed; runs: typeof runs };

const { releaseNamed: named, runs: all } = pinned_hazards("releases");
const offer = document.querySelector<HTMLTemplateElement>("#your-kernel")!;
const heads = [...document.querySelectorAll<HTMLElement>("th[data-runs]")];
offer.replaceWith(offer.content);
const form = document.querySelector<HTMLFormElement>("form.yours")!;
const input = form.querySelector("input")!, said = form.querySelector<HTMLElement>(".status")!;

/** The column of a kernel: it has the answers of one of that column's runs; -1 where none has. */
function columnOf({ era }: Release): number {
  const own = Object.entries(era);
  const run = all.findIndex(([from]) => {
    const other = new Map(Object.entries(named(from).era));
    return own.every(([question, answer]) => other.get(question) === answer);
  });
  return heads.findIndex(({ dataset }) => dataset.runs!.split(" ").includes(String(run)));
}

/** The squares of a column, one for each row that has any. */
function squaresOf(column: number): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".heat tbody tr")].flatMap((row) =>
    row.querySelectorAll<HTMLElement>("td:not([colspan])")[column] ?? []
  );
}

/** Marks the kernel's column and says what goes wrong there. */
function find(name: string): string {
  for (const marked of document.querySelectorAll(".heat .yours")) marked.classList.remove("yours");
  if (name === "") return "";
  let kernel: Release;
  try {
    kernel = named(name);
  } catch (error) {
    const { message } = error as Error;
    return `${message[0]!.toUpperCase()}${message.slice(1)}.`;
  }
  const column = columnOf(kernel), head = heads[column];
  const rules = kernel.release === kernel.era.name
    ? kernel.release
    : `${kernel.release} follows ${kernel.era.name}`;
  if (!head) return `${rules}, and no column has just its answers.`;
  const squares = squaresOf(column);
  for (const square of [head, ...squares]) square.classList.add("yours");
  head.scrollIntoView({ block: "nearest", inline: "start" });
  const wrong = squares.filter(({ classList }) => classList.contains("wrong")).length;
  return `${rules}: ${wrong} of ${squares.length} rows go wrong, in the marked column.`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = input.value.trim();
  said.textContent = find(name);
  history.replaceState(null, "", name ? `#kernel=${encodeURIComponent(name)}` : "#");
});
const chosen = /^#kernel=(.+)$/.exec(location.hash)?.[1];
if (chosen) {
  input.value = decodeURIComponent(chosen);
  said.textContent = find(input.value);
}
