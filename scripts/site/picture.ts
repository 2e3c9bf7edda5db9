// A drawing with its words: its name, the text as its description, and that text for everybody to open.

import { Html, markup } from "./html.ts";

/**
 * A view as HTML, complete without JavaScript.
 *
 * @param label the drawing's accessible name
 * @param id for the text, unique in the page
 */
export function picture(view: { text: string; svg: string }, label: string, id: string): Html {
  return markup`
<figure class="picture">
<div class="drawing" tabindex="0" role="group" aria-label="${label}, scrolls">${new Html(
    named(view.svg, label, id),
  )}</div>
<details><summary>The picture as text</summary>
<pre class="text" id="${id}" tabindex="0" role="group" aria-label="${label} as text">${view.text}</pre></details>
</figure>
`;
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
