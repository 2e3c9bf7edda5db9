/// <reference lib="dom" />
// What JavaScript adds to a chapter: each cell can be run and edited. Without it the page is whole already.

import { show } from "./output.ts";
import { run } from "./run.ts";

/** A cell in the page. */
interface CellView {
  index: number;
  section: HTMLElement;
  pre: HTMLElement;
  output: HTMLElement;
  status: HTMLElement;
  edit?: HTMLButtonElement;
  reset?: HTMLButtonElement;
  area?: HTMLTextAreaElement;
  /** The code as the chapter has it, and as it is now. */
  original: string;
  code: string;
  /** The chapter's output, and the code, of this cell and of all before it, that gave what is shown. */
  first: Node[];
  shown: string;
}

const article = document.querySelector<HTMLElement>("article[data-chapter]");
const cells: CellView[] = [];

/** All code that a cell's output depends on. */
const upTo = (n: number) => cells.slice(0, n + 1).map((cell) => cell.code).join("\0");

function part<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(text: string, cell: CellView, act: () => void): HTMLButtonElement {
  const element = part("button", "", text);
  element.type = "button";
  element.ariaLabel = `${text} cell ${cell.index + 1}`;
  element.addEventListener("click", act);
  return element;
}

function adopt(section: HTMLElement): CellView {
  const pre = section.querySelector<HTMLElement>("pre.code")!;
  const output = section.querySelector<HTMLElement>(".output")!;
  const code = pre.textContent! + "\n";
  const status = part("span", "status");
  status.role = "status";
  const index = Number(section.dataset.index);
  const first = [...output.childNodes];
  return { index, section, pre, output, status, original: code, code, first, shown: "" };
}

/** Adds the buttons, below the code and above what it printed: the order in which they are used. */
function equip(cell: CellView) {
  const tools = part("div", "tools");
  const runs = button("Run", cell, () => execute(cell));
  cell.edit = button("Edit", cell, () => cell.area ? leave(cell) : edit(cell));
  cell.reset = button("Reset", cell, () => reset(cell));
  tools.append(runs, cell.edit, cell.reset, cell.status);
  cell.output.before(tools);
  cell.section.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    execute(cell);
  });
}

function edit(cell: CellView) {
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
    mark();
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
  if (cell.code !== cell.original) cell.pre.firstElementChild!.textContent = cell.code;
  name(cell, "Edit");
}

function name(cell: CellView, text: string) {
  cell.edit!.textContent = text;
  cell.edit!.ariaLabel = `${text} cell ${cell.index + 1}`;
}

const coloured = new WeakMap<CellView, Node[]>();

function reset(cell: CellView) {
  cell.code = cell.original;
  leave(cell);
  cell.pre.firstElementChild!.replaceChildren(...coloured.get(cell)!);
  keep(cell);
  // Where nothing is edited any more, the chapter's own outputs are true again.
  for (const later of cells) {
    if (cells.slice(0, later.index + 1).some((one) => one.code !== one.original)) break;
    later.output.replaceChildren(...later.first);
    later.shown = upTo(later.index);
    later.status.textContent = "";
  }
  cell.edit!.focus();
  mark();
}

/** Says of each cell whether what it shows is what its code, and the code above it, would show now. */
function mark() {
  for (const cell of cells) {
    const stale = cell.shown !== upTo(cell.index);
    cell.section.classList.toggle("stale", stale);
    cell.section.classList.toggle("edited", cell.code !== cell.original);
    if (cell.reset) cell.reset.hidden = cell.code === cell.original;
    const note = cell.section.querySelector(".note");
    if (!stale) note?.remove();
    else if (!note) {
      cell.output.before(part("p", "note", "Stale: the code has changed since this ran."));
    }
  }
}

let runs = 0;

async function execute(cell: CellView) {
  const turn = ++runs;
  const mine = cells.slice(0, cell.index + 1);
  const codes = mine.map(({ code }) => code);
  for (const { status } of cells) status.textContent = "";
  cell.status.textContent = "Running";
  try {
    const { results, failure } = await run({
      root: document.documentElement.dataset.root!,
      chapter: article!.dataset.chapter!,
      kernel: article!.dataset.kernel!,
      cells: mine.map(({ section, code }) => ({
        code,
        line: Number(section.dataset.line),
        ignore: "ignore" in section.dataset,
        throws: section.dataset.throws,
      })),
      edited: mine.some(({ code, original }) => code !== original),
    });
    const failed = failure && mine[failure.cell]!;
    if (failed && !results.some(({ index }) => index === failed.index)) {
      results.push({ index: failed.index, items: [] });
    }
    for (const result of results) {
      const { output, index } = cells[result.index]!;
      show(output, result, index + 1, index === failed?.index ? failure!.message : undefined);
      cells[index]!.shown = codes.slice(0, index + 1).join("\0");
    }
    if (failed && failed !== cell) failed.status.textContent = "Failed";
    cell.status.textContent = !failed
      ? "Ran from nothing"
      : failed === cell
      ? "Failed"
      : `Not reached: cell ${failed.index + 1} failed`;
  } catch (error) {
    cell.status.textContent = (error as Error).message;
  }
  if (turn === runs) mark();
}

/** What fits needs no stop for the Tab key; what scrolls does. */
function stops() {
  for (const box of document.querySelectorAll<HTMLElement>("pre, .wide, .drawing")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

/** Edits outlive the page: in this browser, for as long as the chapter's own code is the same. */
const place = (cell: CellView) => `pinned/${article!.dataset.chapter}/${cell.section.id}`;

function keep(cell: CellView) {
  try {
    if (cell.code === cell.original) localStorage.removeItem(place(cell));
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

for (const section of document.querySelectorAll<HTMLElement>(".cell")) cells.push(adopt(section));
for (const cell of cells) cell.shown = upTo(cell.index);
for (const cell of cells) {
  coloured.set(cell, [...cell.pre.firstElementChild!.childNodes]);
  if ("ignore" in cell.section.dataset) continue;
  equip(cell);
  recall(cell);
  leave(cell);
}
mark();
stops();
addEventListener("resize", stops);
document.addEventListener("toggle", stops, true);
