/// <reference lib="dom" />
// One cell in the page: its parts, and what a reader makes of its code.

import { keep, type Kept } from "./edits.ts";
import { button, part, status, words } from "./parts.ts";

/** A cell in the page. */
export interface CellView extends Kept {
  index: number;
  section: HTMLElement;
  pre: HTMLElement;
  output: HTMLElement;
  status: HTMLElement;
  edit?: HTMLButtonElement;
  reset?: HTMLButtonElement;
  undo?: HTMLButtonElement;
  area?: HTMLTextAreaElement;
  /** The chapter's code in colours. */
  coloured: Node[];
  /** The chapter's output, and what it says. */
  first: Node[];
  firstWords: string;
  /** What a run in this page brought, where that is shown. */
  shows?: string;
  /** The era, and the code of this cell and of all before it, that gave what is shown. */
  kernel: string;
  shown: string;
  /** Shows an output that waits for a reader's prediction. */
  reveal?: () => void;
}

/** What the page needs to do when a cell is used. */
export interface Uses {
  run(cell: CellView): void;
  /** The chapter's code is back. */
  reset(cell: CellView): void;
  /** The code is another one now. */
  changed(): void;
}

/** Finds the parts of a cell in the page that the build made. */
export function adopt(section: HTMLElement): CellView {
  const pre = section.querySelector<HTMLElement>("pre.code")!;
  const output = section.querySelector<HTMLElement>(".output")!;
  const code = pre.textContent! + "\n";
  return {
    index: Number(section.dataset.index),
    section,
    pre,
    output,
    status: status(),
    coloured: [...pre.firstElementChild!.childNodes],
    original: code,
    code,
    first: [...output.childNodes],
    firstWords: words(output),
    kernel: "",
    shown: "",
  };
}

export const isEdited = (cell: CellView) => cell.code !== cell.original;

/** Adds the buttons, below the code and above what it printed: the order in which they are used. */
export function equip(cell: CellView, uses: Uses, kept?: Kept) {
  const tools = part("div", "tools");
  const of = `cell ${cell.index + 1}`;
  cell.edit = button("Edit", of, () => cell.area ? leave(cell) : edit(cell, uses.changed));
  cell.reset = button("Reset", of, () => {
    cell.undone = cell.code;
    setCode(cell, cell.original);
    uses.reset(cell);
  });
  cell.undo = button("Undo reset", of, () => {
    setCode(cell, cell.undone!);
    uses.changed();
  });
  const run = button("Run", of, () => uses.run(cell));
  tools.append(run, cell.edit, cell.reset, cell.undo, cell.status);
  cell.output.before(tools);
  cell.section.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    uses.run(cell);
  });
  Object.assign(cell, kept);
  if (cell.earlier !== undefined) offer(cell, tools, uses);
  leave(cell);
}

/** Shows the edit of a cell that the chapter has changed since. */
function offer(cell: CellView, tools: HTMLElement, uses: Uses) {
  const box = part("div", "earlier note");
  const choose = (text: string, take: boolean) =>
    button(text, `your edit of cell ${cell.index + 1}`, () => {
      const code = take ? cell.earlier! : cell.code;
      cell.earlier = undefined;
      box.remove();
      setCode(cell, code);
      uses.changed();
    });
  const choices = part("div", "tools");
  choices.append(choose("Take it", true), choose("Discard it", false));
  const pre = part("pre", "text", cell.earlier!.replace(/\n$/, ""));
  box.append(
    part("p", "", "The chapter has changed this cell since you edited it. Your edit:"),
    pre,
    choices,
  );
  tools.after(box);
}

function edit(cell: CellView, changed: () => void) {
  const area = part("textarea", "code");
  area.value = cell.code.replace(/\n$/, "");
  area.ariaLabel = `Code of cell ${cell.index + 1}. Control and Enter run it, Escape leaves.`;
  area.spellcheck = false;
  area.autocapitalize = "off";
  area.setAttribute("autocorrect", "off");
  const fit = () => area.rows = area.value.split("\n").length;
  fit();
  area.addEventListener("input", () => {
    cell.code = area.value + "\n";
    cell.undone = undefined;
    markLine(cell);
    fit();
    keep(cell.section, keptOf(cell));
    changed();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(cell), cell.edit!.focus();
  });
  cell.pre.hidden = true;
  cell.pre.after(area);
  cell.area = area;
  name(cell, "Done");
  area.focus();
}

function leave(cell: CellView) {
  cell.area?.remove();
  cell.area = undefined;
  cell.pre.hidden = false;
  // What is edited loses its colours: they are made when the site is built.
  const inner = cell.pre.firstElementChild!;
  if (isEdited(cell)) inner.textContent = cell.code;
  else inner.replaceChildren(...cell.coloured);
  name(cell, "Edit");
}

/** Gives a cell another code: the chapter's, or the reader's. */
function setCode(cell: CellView, code: string) {
  cell.code = code;
  if (isEdited(cell)) cell.undone = undefined;
  markLine(cell);
  leave(cell);
  keep(cell.section, keptOf(cell));
  cell.edit!.focus();
}

const keptOf = ({ original, code, undone, earlier }: CellView): Kept => ({
  original,
  code,
  ...undone !== undefined && { undone },
  ...earlier !== undefined && { earlier },
});

/** Marks a line of a cell's code, counted from 1, in which something went wrong; without one, none. */
export function markLine(cell: CellView, line?: number) {
  cell.section.classList.toggle("lined", line !== undefined);
  if (line === undefined) cell.section.removeAttribute("style");
  else cell.section.style.setProperty("--line", String(line));
}

function name(cell: CellView, text: string) {
  cell.edit!.textContent = text;
  cell.edit!.ariaLabel = `${text} cell ${cell.index + 1}`;
}
