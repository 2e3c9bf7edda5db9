// A drawing with its words: its name, the text as its description, and that text for everybody to open.
// client/output.ts makes the same shapes in the page.

import { withChanges } from "./client/changes.ts";
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
 */
export function picture(view: { text: string; svg: string }, label: string, id: string): Html {
  return markup`
<figure class="picture">
${drawing(view.svg, label, id)}
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
 */
export function film(steps: readonly Step[], name: string, id: string): Html {
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
${drawing(drawings[n]!, label, idOf(n))}
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

function drawing(svg: string, label: string, describedBy: string): Html {
  return markup`<div class="drawing" tabindex="0" role="group" aria-label="${label}, scrolls">${new Html(
    named(svg, label, describedBy),
  )}</div>`;
}

/** The text of a state is long for a name: it becomes the description, and the name says what is drawn. */
function named(svg: string, label: string, describedBy: string): string {
  return svg.trim().replace(
    /^<svg[^>]*>/,
    (tag) =>
      tag.replace(/\s(?:role|aria-[a-z]+)="[^"]*"/g, "").replace(
        "<svg",
        `<svg role="img" aria-label="${label}" aria-describedby="${describedBy}"`,
      ),
  );
}
