// The table of hazards as a map: a row for each named scene, a column for kernels that answer alike, a square that says by
// colour, shape and word what came of it, and leads to the scene's page. `client/hazards.ts` finds the reader's kernel.

import { MEANINGS, releases, VERDICTS } from "../../sim/mod.ts";
import type { Heat, Row, Square } from "./heat.ts";
import { href, Html, markup, type Page } from "./html.ts";
import { columnId, LOOKS, MARKS } from "./scene_page.ts";
import { sourcePath } from "./source_page.ts";

/** Where the table is. */
export const HAZARDS = "hazards.html";

const FAMILIES: Record<string, string> = {
  child: "a child and its pipe",
  direct: "direct I/O",
  file: "pages of files",
  fork: "after the fork",
  ksm: "merged pages",
  mremap: "moved pages",
  pin: "pins of a device",
  read: "devices that only read",
  swap: "swapped pages",
  vmsplice: "pipes",
};

/** The page of the table. */
export function hazardsPage({ columns, rows }: Heat): Page {
  const families = Map.groupBy(rows, ({ scene }) => scene.name.split("-")[0]!);
  const playable = rows.filter(({ squares }) => squares.length > 0).length;
  const eras = [...Map.groupBy(columns, ({ era }) => era)];
  return {
    path: HAZARDS,
    title: "May I fork here?",
    description:
      `What ${rows.length} hazards of shared pages come to on every kernel since 2.6.7, right and wrong marked.`,
    kind: "hazards",
    scripts: ["assets/hazards.js"],
    main: markup`
<header class="title">
<p class="eyebrow">The table of hazards</p>
<h1>May I fork here?</h1>
<p class="question">A device, a pipe or a disk has a page of a process. The process forks, or stores, or pages out. Who sees
what in the end, on which kernel?</p>
</header>
<p>The table has <strong>${rows.length} rows</strong>, a scene each, and ${columns.length} columns, one for kernels that
answer every scene alike, by rule and by release. Each square is a verdict of the machine and leads to its picture. The
table scrolls in both directions${
      rows.length > playable &&
      `; ${rows.length - playable} rows are open, since the machine has no huge pages`
    }.</p>
${key(rows)}
<template id="your-kernel">
<form class="yours tools">
<label>Your kernel <input name="kernel" size="22" autocomplete="off" autocapitalize="off" spellcheck="false"
placeholder="5.15.223, or uname -r" list="kernels" aria-describedby="yours-said"></label>
<button>Find its column</button>
<datalist id="kernels">${
      releases.map(({ release }) => markup`<option value="${release}">`)
    }</datalist>
<p class="status" id="yours-said" role="status"></p>
</form>
</template>
<nav class="families" aria-label="Rows of the table">Rows of:
<ul>
${
      [...families].map(([family, { length }]) =>
        markup`<li><a href="#${family}">${FAMILIES[family] ?? family}</a> (${length})</li>\n`
      )
    }</ul>
</nav>
<div class="wide heat" tabindex="0" role="group" aria-label="The table of hazards, ${rows.length} rows, scrolls">
<table>
<caption><span>${rows.length} rows by ${columns.length} kinds of kernel</span></caption>
<thead>
<tr><td rowspan="2"></td>${
      eras.map(([era, own]) =>
        markup`<th scope="colgroup" colspan="${own.length}"><code>${era}</code></th>`
      )
    }</tr>
<tr>${
      columns.map((column, at) =>
        markup`<th scope="col" id="${columnId(at)}" data-runs="${column.runs.join(" ")}"${
          column.ranges.split(",").length > 2 && new Html(' class="many"')
        }>${column.ranges}</th>`
      )
    }</tr>
</thead>
${
      [...families].map(([family, own]) =>
        markup`<tbody id="${family}">\n${
          own.map((row) => rowMarkup(row, columns.length))
        }</tbody>\n`
      )
    }</table>
</div>
`,
  };
}

/** What colours and shapes stand for; the words that no square has are left out. */
function key(rows: readonly Row[]): Html {
  const told = new Set(
    rows.flatMap(({ squares }) => squares.flatMap(({ words }) => words.split(", "))),
  );
  return markup`<dl class="key">
${
    VERDICTS.filter((word) => told.has(word)).map((word) => {
      const right = word === "whole" ? "right" : "wrong";
      return markup`<div><dt class="square ${LOOKS[right]}">${MARKS[right]} ${word}</dt><dd>${
        MEANINGS[word]
      }</dd></div>\n`;
    })
  }<div><dt class="square open">${MARKS.open} parted</dt><dd>so it is, and nobody was promised otherwise</dd></div>
</dl>
`;
}

function rowMarkup({ scene: { name }, squares }: Row, columns: number): Html {
  const to = href(HAZARDS, sourcePath(`sim/scenes/${name}.scene`));
  const cells = squares.length === 0
    ? markup`<td class="square none" colspan="${columns}">the machine has no huge pages</td>`
    : markup`${squares.map((square, at) => squareMarkup(square, `${to}#${columnId(at)}`))}`;
  return markup`<tr id="${name}"><th scope="row"><a href="${to}">${name}</a></th>${cells}</tr>\n`;
}

/** The row's own link leads the Tab key to the same page: hundreds of squares would stand in its way. */
function squareMarkup({ right, words }: Square, to: string): Html {
  return markup`<td class="square ${LOOKS[right]}"><a href="${to}" tabindex="-1">${
    MARKS[right]
  } ${words}</a></td>`;
}
