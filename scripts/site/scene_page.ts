// The page of a named scene: what its lines do, what came of it on which kernel with a picture of the end, and the way back.

import { type Operation, operations, type Scene } from "../../sim/mod.ts";
import type { Heat, Row, Square } from "./heat.ts";
import { href, Html, markup } from "./html.ts";
import { legendOf } from "./legend.ts";
import { picture } from "./picture.ts";
import { inlineProse } from "./prose.ts";

/** Right, wrong and undecided as a shape, before the word that says the same. */
export const MARKS: Record<Square["right"], string> = { right: "✓", wrong: "✗", open: "○" };

/** The classes of these three. */
export const LOOKS: Record<Square["right"], string> = {
  right: "well",
  wrong: "wrong",
  open: "open",
};

/** The id of a column, in the table and on the page of a scene. */
export const columnId = (at: number) => `kernels-${at + 1}`;

/** What to say of a scene before and after its text. */
export interface SceneParts {
  before: Html;
  after: Html;
}

/**
 * What a scene's page has besides its text; undefined for a file that is no row of the table.
 *
 * @param path where the scene's page is, from the site's root
 * @param back where the table is, from the site's root
 */
export function sceneParts(
  file: string,
  path: string,
  { rows, columns }: Heat,
  back: string,
): SceneParts | undefined {
  const [, name] = /^sim\/scenes\/([^/]+)\.scene$/.exec(file) ?? [];
  const row = rows.find(({ scene }) => scene.name === name);
  if (!row) return undefined;
  const way = href(path, `${back}#${name}`);
  return {
    before: markup`<p class="back"><a href="${way}">This row in the table of hazards</a></p>\n`,
    after: markup`${lines(row.scene)}${answers(row, columns)}
<p class="back"><a href="${way}">Back to the table of hazards</a></p>
`,
  };
}

/** What each word of the scene's lines does, in the order in which they come. */
function lines({ lines }: Scene): Html {
  const words = new Set(lines.map((line) => line.split(" ")[1]!));
  const rows = [...words].flatMap((word): Operation[] =>
    operations.filter(({ scene }) => scene?.word === word)
  );
  return markup`<h2 id="lines">What the lines do</h2>
<p><code>P0</code> is the parent, <code>P1</code> its child, <code>*</code> the world outside: a device, a disk, a reader.
<code>a0</code> is the first page of the region <code>a</code>; each line is one operation.</p>
<dl class="lines">
${
    [...new Set(rows)].map(({ scene }) =>
      markup`<div><dt><code>${scene!.word}</code></dt><dd>${inlineProse(scene!.does)}</dd></div>\n`
    )
  }</dl>
`;
}

/** A section for kernels that came to the same, with the picture of who owned what when it was decided. */
function answers({ right, squares, seen }: Row, columns: Heat["columns"]): Html {
  const expected = right ? `Right is: ${right}.` : "Nothing is expected of it.";
  const seenText = seen.length > 0
    ? `Seen on ${seen.join(", ")}: there a real kernel did as the machine does.`
    : "No kernel has been seen at it yet.";
  if (squares.length === 0) {
    return markup`<h2 id="answers">What came of it</h2>
<p>The machine has no huge pages, so it cannot play this scene. ${seenText}</p>
`;
  }
  const said = ({ right, words, judged }: Square) => JSON.stringify([right, words, judged]);
  const alike = Map.groupBy(squares.keys(), (at) => said(squares[at]!));
  return markup`<h2 id="answers">What came of it, by kernel</h2>
<p>${expected} ${seenText}</p>
${legendOf()}${
    [...alike.values()].map((at, n) => {
      const square = squares[at[0]!]!, { era, ranges } = columns[at[0]!]!;
      return markup`<section class="answer ${LOOKS[square.right]}">
<h3>${MARKS[square.right]} ${square.words}</h3>
<ul class="ran">
${
        at.map((column) =>
          markup`<li id="${columnId(column)}"><code>${columns[column]!.era}</code> ${
            columns[column]!.ranges
          }</li>\n`
        )
      }</ul>
<p>${
        square.judged.words.map((words, reader) =>
          markup`${reader > 0 && ", "}${
            square.judged.wrong.includes(reader) ? markup`<strong>${words}</strong>` : words
          }`
        )
      }.</p>
<p class="meta">The end on <code>${era}</code> ${ranges}:</p>
${picture(square.picture, `Who owns what at the end, answer ${n + 1}`, `end-${n + 1}`)}</section>
`;
    })
  }`;
}
