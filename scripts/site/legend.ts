// How to read the pictures, once in a chapter: the marks, as the simulator draws them, and the words of its verdicts.

import { legend, MEANINGS, VERDICTS, verdictSign } from "sim";
import { type Html, markup } from "./html.ts";
import { drawing } from "./picture.ts";

/** The legend, folded. */
export function legendOf(): Html {
  const marks = legend().map(({ svg, says }, n) =>
    markup`<li><span aria-hidden="true">${
      drawing(svg, says, `legend-${n + 1}`)
    }</span> ${says}</li>\n`
  );
  const words = VERDICTS.map((word) =>
    markup`<dt class="${word === "whole" ? "good" : "bad"}">${verdictSign(word)} ${word}</dt>
<dd>${MEANINGS[word]}</dd>\n`
  );
  return markup`
<details class="legend"><summary>How to read the pictures</summary>
<ul class="picture">
${marks}</ul>
<dl>
${words}</dl>
</details>
`;
}
