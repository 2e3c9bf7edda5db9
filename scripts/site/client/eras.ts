/// <reference lib="dom" />
// The strips below the cells: who chooses a kernel there sees both runs beside each other. The choice is in the address.

import type { Texts } from "../beside.ts";
import { load } from "./load.ts";
import { button, part, status } from "./parts.ts";

/** What the page's address says besides where it is: `kernel`, by whose rules cells run, and `beside`, what is compared. */
export function asked(name: "kernel" | "beside"): string | null {
  return new URLSearchParams(location.search).get(name);
}

/** Says it there, so that it survives a reload and can be handed on. */
export function say(name: "kernel" | "beside", value: string | undefined, hash = location.hash) {
  const query = new URLSearchParams(location.search);
  if (value === undefined) query.delete(name);
  else query.set(name, value);
  const text = query.toString();
  history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${hash}`);
}

/** Whether a cell comes out otherwise on an era, as its strip has it; one without a row there does not. */
export function otherwise(cell: HTMLElement, kernel: string): boolean {
  const row = cell.querySelector(`li[data-kernel="${kernel}"]`);
  return row !== null && row.className !== "same";
}

/** Makes the kernels of every strip ones to choose, and shows the choice that the address names. */
export function strips() {
  const { chapter } = document.querySelector<HTMLElement>("article[data-chapter]")!.dataset;
  const { root } = document.documentElement.dataset;
  for (const strip of document.querySelectorAll<HTMLDetailsElement>("details.eras")) {
    const cell = strip.closest<HTMLElement>(".cell")!, said = status("p");
    const box = part("div", "beside");
    const buttons = new Map<string, HTMLButtonElement>();
    const close = () => {
      box.replaceChildren();
      for (const one of buttons.values()) one.ariaExpanded = "false";
      say("beside", undefined);
    };
    const choose = async (kernel: string) => {
      const chosen = buttons.get(kernel)!, again = chosen.ariaExpanded === "true";
      close();
      if (again) return;
      chosen.ariaExpanded = "true";
      say("beside", kernel, `#${cell.id}`);
      try {
        await load(`${root}chapters/${chapter}.beside.js`);
      } catch (error) {
        said.textContent = (error as Error).message;
        return;
      }
      const { numbers, texts } = (globalThis as unknown as { pinnedBeside: Texts }).pinnedBeside;
      box.innerHTML = texts[numbers[strip.dataset.cell!]![kernel]!]!; // our own, made when the site was built
      for (const name of box.querySelectorAll(".other")) name.textContent = kernel;
      said.textContent = "";
    };
    for (const row of strip.querySelectorAll<HTMLElement>("li[data-kernel]")) {
      if (/same|unreached|own/.test(row.className)) continue;
      const { kernel } = row.dataset,
        one = button("Show both", `on ${kernel}`, () => choose(kernel!));
      one.ariaExpanded = "false";
      row.append(one);
      buttons.set(kernel!, one);
    }
    strip.append(said, box);
    const kernel = asked("beside");
    if (`#${cell.id}` !== location.hash || !kernel || !buttons.has(kernel)) continue;
    for (let at: Element | null = buttons.get(kernel)!; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
    choose(kernel).then(() => strip.scrollIntoView());
  }
}
