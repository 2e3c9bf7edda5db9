/// <reference lib="dom" />
// One cell in the page: its parts, and what a reader makes of its code.

import { button, part, status, words } from "./parts.ts";

/** A cell in the page. */
export interface CellView {
  index: number;
  section: HTMLElement;
  pre: HTMLElement;
  output: HTMLElement;
  status: HTMLElement;
  edit?: HTMLButtonElement;
  reset?: HTMLButtonElement;
  area?: HTMLTextAreaElement;
  /** The code as the chapter has it, in colours and as text, and as it is now. */
  coloured: Node[];
  original: string;
  code: string;
  /** The chapter's output, and what it says. */
  first: Node[];
  firstWords: string;
  /** The era, and the code of this cell and of all before it, that gave what is shown. */
  kernel: string;
  shown: string;
  /** Shows an output that waits for a reader's prediction. */
  reveal?: () => void;
}

/** What the page needs to do when a cell is used. */
export interface Uses {
  run(cell: CellView): void;
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
export function equip(cell: CellView, uses: Uses) {
  const tools = part("div", "tools");
  const of = `cell ${cell.index + 1}`;
  cell.edit = button("Edit", of, () => cell.area ? leave(cell) : edit(cell, uses.changed));
  cell.reset = button("Reset", of, () => uses.reset(cell));
  tools.append(button("Run", of, () => uses.run(cell)), cell.edit, cell.reset, cell.status);
  cell.output.before(tools);
  cell.section.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    uses.run(cell);
  });
  recall(cell);
  leave(cell);
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
    fit();
    keep(cell);
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
  if (isEdited(cell)) cell.pre.firstElementChild!.textContent = cell.code;
  name(cell, "Edit");
}

/** Gives a cell the chapter's code back. */
export function undo(cell: CellView) {
  cell.code = cell.original;
  leave(cell);
  cell.pre.firstElementChild!.replaceChildren(...cell.coloured);
  keep(cell);
  cell.edit!.focus();
}

function name(cell: CellView, text: string) {
  cell.edit!.textContent = text;
  cell.edit!.ariaLabel = `${text} cell ${cell.index + 1}`;
}

/** Edits outlive the page: in this browser, for as long as the chapter's own code is the same. */
const place = ({ section }: CellView) =>
  `pinned/${section.closest<HTMLElement>("article")!.dataset.chapter}/${section.id}`;

function keep(cell: CellView) {
  try {
    if (!isEdited(cell)) localStorage.removeItem(place(cell));
    else localStorage.setItem(place(cell), JSON.stringify([cell.original, cell.code]));
  } catch {
    // A browser that keeps nothing loses nothing but this.
  }
}

function recall(cell: CellView) {
  try {
    const [original, code] = JSON.parse(localStorage.getItem(place(cell)) ?? "[]");
    if (original === cell.original && typeof code === "string") cell.code = code;
  } catch {
    return;
  }
}
