/// <reference lib="dom" />
// The era that a chapter's cells run under, for the reader to choose. Choosing runs nothing; a button does.

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
  const run = button("Run all", "cells", () => {
    back.hidden = false;
    uses.runAll();
  });
  const back = button("Reset", "all outputs", () => {
    select.value = own;
    back.hidden = true;
    run.focus();
    said.textContent = uses.reset();
  });
  back.hidden = true;
  select.addEventListener("change", () => {
    back.hidden = false;
    said.textContent = "";
    uses.chosen();
  });
  box.append(run, back, said);
  template.replaceWith(box);
  return { kernel: () => select.value, said };
}
