/// <reference lib="dom" />
// What a run brought, as elements: the same shapes that chapter_page.ts and picture.ts write into the page.

import type { CellResult, Item } from "../../notebook/harness.ts";
import { withChanges } from "./changes.ts";
import { type Drawn, named, readDrawing } from "./drawing.ts";
import { joinTexts } from "./items.ts";
import { part } from "./parts.ts";
import { stand, step } from "./stepper.ts";

type View = Extract<Item, { kind: "view" }>;

/** Shows a cell's result in its output, instead of what was there; in a film the reader stays at the same picture. */
export function show(output: HTMLElement, result: CellResult, cell: number, message?: string) {
  const films = () => [...output.querySelectorAll<HTMLElement>(".film")];
  const stands = films().map(stand);
  output.replaceChildren(...joinTexts(result.items).map((item, n) => element(item, cell, n)));
  films().forEach((film, n) => step(film, stands[n]));
  if (message) output.append(text(message, `Error of cell ${cell}`, "threw"));
}

/** A block of text that can be reached and scrolled by keyboard. */
function text(content: string, label: string, more = ""): HTMLElement {
  const pre = part("pre", `text ${more}`.trim(), content);
  pre.tabIndex = 0;
  pre.role = "group";
  pre.ariaLabel = label;
  return pre;
}

function element(item: Item, cell: number, n: number): HTMLElement {
  if (item.kind === "text") return text(item.text, `Output of cell ${cell}`);
  const id = `run-${cell}-${n + 1}`;
  return item.steps?.length ? film(item.steps, cell, id) : picture(item, cell, id);
}

function picture(view: View, cell: number, id: string): HTMLElement {
  const words = text(view.text, `Picture of cell ${cell} as text`);
  words.id = id;
  const figure = part("figure", "picture");
  figure.append(
    drawing(view.svg, `Picture of cell ${cell}`, id),
    folded("The picture as text", words),
  );
  return figure;
}

function film(steps: NonNullable<View["steps"]>, cell: number, id: string): HTMLElement {
  const figure = part("figure", "picture film");
  figure.dataset.name = `cell ${cell}`;
  const pages = part("div", "steps");
  const words = text("", `The pictures of cell ${cell} as text`);
  const drawings = withChanges(steps.map(({ svg }) => svg));
  for (const [n, { caption, text }] of steps.entries()) {
    const [operation, ...reasons] = caption.split("\n");
    const said = part("p", "caption", operation);
    for (const why of reasons) said.append(" ", part("span", "why", why.trim()));
    const label = `Picture ${n + 1} of ${steps.length} of cell ${cell}`;
    const own = part("span", "", text.replaceAll(/^/gm, "    "));
    own.id = `${id}-step-${n + 1}`;
    const page = part("div", "step");
    page.append(said, drawing(drawings[n]!, label, own.id));
    pages.append(page);
    words.append(n > 0 ? "\n" : "", `${caption}\n`, own);
  }
  figure.append(pages, folded(`All ${steps.length} pictures as text`, words));
  return figure;
}

function folded(summary: string, words: HTMLElement): HTMLElement {
  const details = document.createElement("details");
  details.append(part("summary", "", summary), words);
  return details;
}

/** A drawing in a box that scrolls, named, and described by the text with an id; or why there is none. */
function drawing(svg: string, label: string, describedBy: string): HTMLElement {
  const scrolls = part("div", "drawing");
  const drawn = readDrawing(svg);
  if (typeof drawn === "string") {
    scrolls.append(part("p", "note", `This is no drawing: ${drawn}.`));
    return scrolls;
  }
  scrolls.role = "group";
  scrolls.ariaLabel = `${label}, scrolls`;
  scrolls.append(drawnElement(named(drawn, label, describedBy)));
  return scrolls;
}

const SVG = "http://www.w3.org/2000/svg", XML = "http://www.w3.org/XML/1998/namespace";

/** The element of a drawing that was read, and is not parsed again. */
function drawnElement({ name, traits, parts }: Drawn): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [name, value] of traits) {
    if (name.startsWith("xml:")) element.setAttributeNS(XML, name, value);
    else if (name !== "xmlns") element.setAttribute(name, value);
  }
  element.append(...parts.map((part) => typeof part === "string" ? part : drawnElement(part)));
  return element;
}
