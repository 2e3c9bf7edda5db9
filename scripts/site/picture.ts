// A drawing with its words: the drawing says in short what it shows, and its text is there for everybody to open.
// client/output.ts makes the same shapes in the page.

import type { Step } from "sim";
import { type Place, Problem } from "../tool/problem.ts";
import { type Drawn, named, readDrawing } from "./client/drawing.ts";
import { Html, markup } from "./html.ts";

/**
 * A view as HTML, complete without JavaScript.
 *
 * @param name what it is: `Picture of cell 3`
 * @param id unique in the page
 * @param place where the cell stands. @throws Problem there when its drawing is none
 */
export function picture(
  view: { text: string; svg: string },
  name: string,
  id: string,
  place: Place = {},
): Html {
  return markup`
<figure class="picture" aria-label="${name}">
${drawing(view.svg, name, id, place)}
${folded("The picture as text", `${name} as text`, view.text)}
</figure>
`;
}

/**
 * A film as HTML: all its pictures, small, each with the operation that made it, and all of them as text.
 * `client/stepper.ts` shows one at a time.
 *
 * @param name whose it is: `cell 3`
 * @param id of its cell, from which the address of each picture follows
 * @param place where the cell stands. @throws Problem there when one of its drawings is none
 */
export function film(steps: readonly Step[], name: string, id: string, place: Place): Html {
  return markup`
<figure class="picture film" aria-label="Film of ${name}">
<ol class="steps">
${
    steps.map(({ operation, reasons, svg }, n) =>
      markup`<li class="step">
<p class="caption" id="${stepId(id, n)}"><a href="#${stepId(id, n)}">${
        n + 1
      } of ${steps.length}</a> ${operation}${
        reasons.map((why) => markup` <span class="why">${why}</span>`)
      }</p>
${drawing(svg, `Picture ${n + 1} of ${steps.length} of ${name}`, stepId(id, n), place)}
</li>
`
    )
  }</ol>
${
    folded(
      `All ${steps.length} pictures as text`,
      `The pictures of ${name} as text`,
      steps.map(stepText).join("\n"),
    )
  }
</figure>
`;
}

/** The address of a picture of a film: `apart-step-2`. */
function stepId(id: string, n: number): string {
  return `${id}-step-${n + 1}`;
}

function stepText({ operation, reasons, text }: Step): string {
  return [operation, ...reasons.map((why) => `  ${why}`), text].join("\n");
}

/** A drawing, read and written anew. @throws Problem at a place when it is none */
export function drawing(svg: string, label: string, id: string, place: Place = {}): Html {
  const drawn = readDrawing(svg);
  if (typeof drawn === "string") {
    throw new Problem(`${label} is no drawing: ${drawn}`, {
      ...place,
      remedy: "A drawing is one <svg> of shapes and text, without styles, scripts and links",
    });
  }
  return markup`<div class="drawing">${drawnMarkup(named(drawn, label, id))}</div>`;
}

/** A drawing that was read, written anew: nothing of its text is taken over unread. */
function drawnMarkup({ name, traits, parts }: Drawn): Html {
  const said = [...traits].map(([name, value]) => markup` ${name}="${value}"`);
  const inner = parts.map((part) => typeof part === "string" ? part : drawnMarkup(part));
  const tag = new Html(name);
  return inner.length > 0 ? markup`<${tag}${said}>${inner}</${tag}>` : markup`<${tag}${said}/>`;
}

function folded(summary: string, name: string, text: string): Html {
  return markup`<details><summary>${summary}</summary>
<pre class="text" tabindex="0" role="group" aria-label="${name}">${text}</pre></details>`;
}
