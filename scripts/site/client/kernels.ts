/// <reference lib="dom" />
// The era that a chapter's cells run under, for the reader to choose. Choosing runs nothing; a button does.

import { asked, say, strips } from "./eras.ts";
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

/**
 * Puts the choice into the page, where the build left it in a template.
 *
 * @param own the chapter's era
 * @returns the era that is chosen, and a place to say what came of a run
 */
export function kernels(own: string, uses: Uses): { kernel(): string; said: HTMLElement } {
  const said = status();
  const template = document.querySelector<HTMLTemplateElement>("template[data-kernels]");
  if (!template) return { kernel: () => own, said };
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
  return { kernel: () => select.value, said };
}
