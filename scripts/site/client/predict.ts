/// <reference lib="dom" />
// A question before a cell: its choices become radio buttons, and what answers it, up to the next heading, waits until one
// is checked. Nobody has to guess: all of it can be had without. What was chosen is kept in this browser.

import { button, part, status, words } from "./parts.ts";

/** A question that was put, and what waits for it. */
interface Veil {
  open: boolean;
  waiting: Element[];
}

const veils: Veil[] = [];

/** Draws every veil anew: what waits for two questions shows when both are answered. */
function draw() {
  const all = new Set(veils.flatMap(({ waiting }) => waiting));
  const closed = new Set(veils.flatMap(({ open, waiting }) => open ? [] : waiting));
  for (const one of all) one.classList.toggle("veiled", closed.has(one));
}

/** What comes after an element, up to the next heading, and that heading. */
function upToHeading(element: Element): { after: Element[]; heading?: Element } {
  const after: Element[] = [];
  let next = element.nextElementSibling;
  for (; next && !/^H\d$/.test(next.tagName); next = next.nextElementSibling) after.push(next);
  return { after, ...next && { heading: next } };
}

/**
 * Makes a question one to answer.
 *
 * @param asked what chapter_page.ts wrote: a text, a list of choices, and the answer behind a summary
 * @param output the output that answers
 * @param drawn told when something else is to be seen than before
 * @returns shows the output, and says which choice it confirms; to be called when a reader runs the cell
 */
export function ask(asked: HTMLElement, output: HTMLElement, drawn: () => void): () => void {
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

  const { after, heading } = upToHeading(section);
  const what = after.length === 0
    ? "The output waits"
    : `The output, and what follows it up to ${
      heading ? `“${heading.textContent}”` : "the end of the chapter"
    }, wait`;
  const note = part("p", "veil note", `${what} for your choice above. `);
  note.append(button("Show it", "", () => {
    reveal();
    // The button is gone: its reader goes on from here.
    section.tabIndex = -1;
    section.focus({ preventScroll: true });
  }));
  output.before(note);
  const veil: Veil = {
    open: false,
    // Below the output stands what it is on other kernels.
    waiting: [output, ...upToHeading(output).after, ...after],
  };
  veils.push(veil);

  const article = section.closest<HTMLElement>("article")!;
  const place = `pinned/${article.dataset.chapter}/${section.id}/choice`;
  const question = legend.textContent + list.textContent!;
  const kept = recall(place);
  if (kept?.question === question) {
    if (inputs[kept.choice]) inputs[kept.choice]!.checked = true;
    reveal();
  }
  draw();
  // A link to something that waits shows it.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (veil.open || !target || !veil.waiting.some((one) => one.contains(target))) return;
    reveal();
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  follow();

  function reveal() {
    veil.open = true;
    note.remove();
    draw();
    drawn();
    const lines = words(output).split("\n");
    const right = choices.filter(({ dataset }) =>
      lines.some((line) => line.includes(dataset.confirms!))
    );
    for (const choice of choices) choice.classList.toggle("confirmed", right.includes(choice));
    const letters = (some: HTMLElement[]) =>
      some.map((one) => String.fromCharCode(97 + choices.indexOf(one))).join(" and ");
    const choice = inputs.findIndex(({ checked }) => checked);
    const lead = choice < 0
      ? ""
      : right.includes(choices[choice]!)
      ? "Right. "
      : `You chose ${letters([choices[choice]!])}. `;
    const confirmed = right.length > 0 ? letters(right) : "none of these";
    said.textContent = `${lead}The output confirms ${confirmed}.`;
    remember(place, { question, choice });
  }
  return reveal;
}

/** The words of a question, which may be another one by now, and the number of the choice, -1 for none. */
interface Answer {
  question: string;
  choice: number;
}

function remember(place: string, answer: Answer) {
  try {
    localStorage.setItem(place, JSON.stringify(answer));
  } catch {
    // Then it is asked again.
  }
}

function recall(place: string): Answer | undefined {
  try {
    return JSON.parse(localStorage.getItem(place) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
