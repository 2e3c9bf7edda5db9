/// <reference lib="dom" />
// The era that a chapter's cells run under, for the reader to choose. Choosing runs nothing; a button does.

import { asked, otherwise, say, strips } from "./eras.ts";
import { button, status } from "./parts.ts";

/** What the page does for the choice. */
export interface Uses {
  /** Another era is chosen. */
  chosen(): void;
  /** Runs every cell under it. */
  runAll(): void;
  /** Shows the chapter's own outputs again, and says how far. */
  reset(): string;
}

/** What the page asks of the choice. */
export interface Choice {
  /** The era that is chosen. */
  kernel(): string;
  /** A place to say what came of a run. */
  said: HTMLElement;
  /** Whether a cell of the chapter comes out otherwise on an era, in more than a name. */
  otherwise(cell: HTMLElement, kernel: string): boolean;
}

/**
 * Puts the choice into the page, where the build left it in a template.
 *
 * @param own the chapter's era
 */
export function kernels(own: string, uses: Uses): Choice {
  const said = status();
  const template = document.querySelector<HTMLTemplateElement>("template[data-kernels]");
  if (!template) return { kernel: () => own, said, otherwise };
  const box = template.content.firstElementChild!;
  const select = box.querySelector("select")!;
  const choose = (kernel: string) => {
    select.value = kernel;
    say("kernel", kernel === own ? undefined : kernel);
  };
  const run = button("Run all", "cells", () => {
    back.hidden = false;
    uses.runAll();
  });
  const back = button("Reset", "all outputs", () => {
    choose(own);
    back.hidden = true;
    run.focus();
    said.textContent = uses.reset();
  });
  select.addEventListener("change", () => {
    back.hidden = false;
    said.textContent = "";
    choose(select.value);
    uses.chosen();
  });
  const named = [...select.options].find(({ value }) => value === asked("kernel"));
  if (named) select.value = named.value;
  back.hidden = select.value === own;
  // Where the text tells how a terminal does it, the page's own way stands beside that.
  for (const code of document.querySelectorAll("article code")) {
    const name = /^deno task chapter .*--kernel (\w+)$/.exec(code.textContent)?.[1];
    if (![...select.options].some(({ value }) => value === name)) continue;
    code.after(
      " ",
      button("or here", `by the rules of ${name}`, () => {
        choose(name!);
        uses.chosen();
        back.hidden = false;
        run.focus();
      }),
    );
  }
  box.append(run, back, said);
  template.replaceWith(box);
  strips();
  return { kernel: () => select.value, said, otherwise };
}
