// A drawing with its words: its name, the text as its description, and that text for everybody to open.
// client/output.ts makes the same shapes in the page.

import { type Place, Problem } from "../tool/problem.ts";
import { withChanges } from "./client/changes.ts";
import { type Drawn, named, readDrawing } from "./client/drawing.ts";
import { Html, markup } from "./html.ts";

/** A picture of a film, as the simulator's `Step`. */
interface Step {
  caption: string;
  text: string;
  svg: string;
}

/**
 * A view as HTML, complete without JavaScript.
 *
 * @param label the drawing's accessible name
 * @param id for the text, unique in the page
 * @param place where the cell stands. @throws Problem there when its drawing is none
 */
export function picture(
  view: { text: string; svg: string },
  label: string,
  id: string,
  place: Place = {},
): Html {
  return markup`
<figure class="picture">
${drawing(view.svg, label, id, place)}
<details><summary>The picture as text</summary>
<pre class="text" id="${id}" tabindex="0" role="group" aria-label="${label} as text">${view.text}</pre></details>
</figure>
`;
}

/**
 * A film as HTML: its first picture, the others hidden, and all of them as text. `client/stepper.ts` turns the pages;
 * on paper they stand one under the other.
 *
 * @param name whose it is: `cell 3`
 * @param id for the text, unique in the page
 * @param place where the cell stands. @throws Problem there when one of its drawings is none
 */
export function film(steps: readonly Step[], name: string, id: string, place: Place): Html {
  const drawings = withChanges(steps.map(({ svg }) => svg));
  const idOf = (n: number) => `${id}-step-${n + 1}`;
  return markup`
<figure class="picture film" data-name="${name}">
<div class="steps">
${
    steps.map(({ caption }, n) => {
      const [operation, ...reasons] = caption.split("\n");
      const label = `Picture ${n + 1} of ${steps.length} of ${name}`;
      return markup`<div class="step"${n > 0 && new Html(" hidden")}>
<p class="caption">${operation}${
        reasons.map((why) => markup` <span class="why">${why.trim()}</span>`)
      }</p>
${drawing(drawings[n]!, label, idOf(n), place)}
</div>
`;
    })
  }</div>
<details><summary>All ${steps.length} pictures as text</summary>
<pre class="text" id="${id}" tabindex="0" role="group" aria-label="The pictures of ${name} as text">${
    steps.map(({ caption, text }, n) =>
      markup`${n > 0 && "\n"}${caption}\n<span id="${idOf(n)}">${
        text.replaceAll(/^/gm, "    ")
      }</span>`
    )
  }</pre></details>
</figure>
`;
}

function drawing(svg: string, label: string, describedBy: string, place: Place): Html {
  const drawn = readDrawing(svg);
  if (typeof drawn === "string") {
    throw new Problem(`${label} is no drawing: ${drawn}`, {
      ...place,
      remedy: "A drawing is one <svg> of shapes and text, without styles, scripts and links",
    });
  }
  return markup`<div class="drawing" tabindex="0" role="group" aria-label="${label}, scrolls">${
    drawnMarkup(named(drawn, label, describedBy))
  }</div>`;
}

/** A drawing that was read, written anew: nothing of its text is taken over unread. */
function drawnMarkup({ name, traits, parts }: Drawn): Html {
  const said = [...traits].map(([name, value]) => markup` ${name}="${value}"`);
  const inner = parts.map((part) => typeof part === "string" ? part : drawnMarkup(part));
  const tag = new Html(name);
  return inner.length > 0 ? markup`<${tag}${said}>${inner}</${tag}>` : markup`<${tag}${said}/>`;
}
