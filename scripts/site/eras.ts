// Below a cell a strip of the eras, each with a mark of how the cell comes out there. `client/eras.ts` makes them ones to
// choose.

import { eras } from "sim";
import { inShort, ranges, type There, there, wordOf } from "../notebook/elsewhere.ts";
import { compared, type Elsewhere } from "../notebook/kernels.ts";
import { type Html, markup } from "./html.ts";

/** A sign for each mark, told apart by its shape as well as by its colour. */
const SIGNS = {
  same: "=",
  lines: "≈",
  differs: "≠",
  lost: "✗",
  fails: "!",
  unreached: "–",
} as const;

const markOf = ({ beside }: There) => beside?.mark ?? "same";
const releasesOf = (kernel: string) => eras.find(({ name }) => name === kernel)?.releases;

/** The strip below a cell; nothing below one that has no machine of the chapter's kernel do anything. */
export function strip(elsewhere: Elsewhere, cell: number, own: string): Html | undefined {
  const all = there(elsewhere, cell);
  const same = all.every(({ beside }) => beside === undefined);
  if (all.length === 0 || same && !elsewhere.works.has(cell)) return undefined;
  const band = markup`<span class="band" aria-hidden="true">${
    all.map((one) =>
      markup`<i class="${markOf(one)}${one.kernel === own && " own"}">${SIGNS[markOf(one)]}</i>`
    )
  }</span>`;
  if (same) return markup`<p class="eras meta">${band} The same on every era</p>`;
  const lines = ranges(all, ({ beside }) => beside?.mark === "lines");
  const short = inShort(all) || `the same; other counts or marks on ${lines.join(", ")}`;
  const others = there(elsewhere, cell, compared.filter((name) => !releasesOf(name)));
  return markup`<details class="eras" data-cell="${cell}">
<summary>${band} On other eras: ${short}</summary>
${rows(all, own)}
${
    others.length > 0 &&
    markup`<details><summary>And on the releases that were looked at</summary>
${rows(others, own)}</details>`
  }
</details>
`;
}

function rows(all: readonly There[], own: string): Html {
  const row = (one: There) => {
    const { kernel, beside } = one, releases = releasesOf(kernel);
    const word = kernel === own ? "of which the text speaks" : wordOf(beside);
    return markup`<li class="${markOf(one)}" data-kernel="${kernel}"><i>${
      SIGNS[markOf(one)]
    }</i><span><b>${kernel}</b>${
      releases && markup` <small>${releases}</small>`
    } ${word}</span></li>\n`;
  };
  return markup`<ul>\n${all.map(row)}</ul>`;
}
