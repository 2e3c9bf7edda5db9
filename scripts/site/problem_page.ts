// What stands where a chapter would, while it cannot be built: the problem, as the terminal tells it.

import type { Problem } from "../tool/problem.ts";
import { markup, type Page } from "./html.ts";

/** The page at `path` until the problem is solved. */
export function problemPage(path: string, problem: Problem): Page {
  return {
    path,
    title: "This page cannot be built",
    description: problem.message,
    kind: "problem",
    main: markup`
      <header class="title">
        <p class="eyebrow">${problem.place.path}</p>
        <h1>This page cannot be built</h1>
      </header>
      <pre class="text threw" tabindex="0" role="group" aria-label="The problem">${
      String(
        problem,
      )
    }</pre>
      <p>Save the file, and the page comes back by itself.</p>
    `,
  };
}
