/// <reference lib="dom" />
// A question before a cell: its choices become radio buttons, and the cell's output waits until one is checked.
// Nothing is stored, and nobody has to guess: the output can be had without.

import { button, part, status, words } from "./parts.ts";

/**
 * Makes a question one to answer.
 *
 * @param asked what chapter_page.ts wrote: a text, a list of choices, and the answer behind a summary
 * @param output the output that answers
 * @returns shows the output, and says which choice it confirms; to be called when a reader runs the cell
 */
export function ask(asked: HTMLElement, output: HTMLElement): () => void {
  const section = output.parentElement!;
  const list = asked.querySelector("ol")!;
  const choices = [...list.children] as HTMLElement[];
  const group = document.createElement("fieldset");
  const legend = part("legend", "asked");
  legend.append(...asked.querySelector(".asked")!.childNodes);
  const inputs = choices.map((choice) => {
    const input = document.createElement("input");
    input.type = "radio";
    input.name = `predict-${asked.dataset.cell}`;
    input.autocomplete = "off";
    const label = document.createElement("label");
    label.append(input, ...choice.childNodes);
    choice.append(label);
    return input;
  });
  const said = status();
  const check = button("Check", "", () => {
    if (inputs.some(({ checked }) => checked)) return reveal();
    said.textContent = "Choose one first.";
  });
  const tools = part("div", "tools");
  tools.append(check, said);
  group.append(legend, list);
  asked.replaceChildren(group, tools);

  const veil = part("p", "veil note", "The output waits for your choice above. ");
  veil.append(button("Show it", "", () => {
    reveal();
    // The button is gone: its reader goes on from here.
    section.tabIndex = -1;
    section.focus({ preventScroll: true });
  }));
  section.classList.add("veiled");
  output.before(veil);

  function reveal() {
    section.classList.remove("veiled");
    veil.remove();
    const lines = words(output).split("\n");
    const right = choices.filter(({ dataset }) =>
      lines.some((line) => line.includes(dataset.confirms!))
    );
    for (const choice of choices) choice.classList.toggle("confirmed", right.includes(choice));
    const letters = (some: HTMLElement[]) =>
      some.map((one) => String.fromCharCode(97 + choices.indexOf(one))).join(" and ");
    const chosen = choices.filter((_, n) => inputs[n]!.checked);
    const lead = chosen.length === 0
      ? ""
      : right.includes(chosen[0]!)
      ? "Right. "
      : `You chose ${letters(chosen)}. `;
    const confirmed = right.length > 0 ? letters(right) : "none of these";
    said.textContent = `${lead}The output confirms ${confirmed}.`;
  }
  return reveal;
}
