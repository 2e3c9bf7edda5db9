/// <reference lib="dom" />
// What a run brought, as elements: the same shapes that chapter_page.ts and picture.ts write into the page.

import type { CellResult, Item } from "../../notebook/harness.ts";
import { type Drawn, named, readDrawing } from "./drawing.ts";
import { foldLines, joinTexts } from "./items.ts";
import { linked, part } from "./parts.ts";
import { stand, step } from "./stepper.ts";

type View = Extract<Item, { kind: "view" }>;

/** Shows a cell's result in its output, instead of what was there; in a film the reader stays at the same picture. */
export function show(output: HTMLElement, result: CellResult, cell: number, message?: string) {
  const films = () => [...output.querySelectorAll<HTMLElement>(".film")];
  const stands = films().map(stand), id = output.parentElement!.id;
  output.replaceChildren(
    ...joinTexts(result.items).flatMap((item, n) => elements(item, cell, id, n)),
  );
  films().forEach((film, n) => step(film, stands[n]));
  if (!message) return;
  const threw = text("", `Error of cell ${cell}`, "threw");
  threw.append(...linked(message));
  output.append(threw);
}

/** A block of text that can be reached and scrolled by keyboard. */
function text(content: string, label: string, more = ""): HTMLElement {
  const pre = part("pre", `text ${more}`.trim(), content);
  pre.tabIndex = 0;
  pre.role = "group";
  pre.ariaLabel = label;
  return pre;
}

function elements(item: Item, cell: number, id: string, n: number): HTMLElement[] {
  if (item.kind === "view") {
    const shown = item.steps?.length
      ? film(item.steps, cell, id)
      : picture(item, cell, `${id}-picture-${n + 1}`);
    return [shown];
  }
  const { shown, rest, count } = foldLines(item.text);
  const name = `Output of cell ${cell}`;
  if (rest === undefined) return [text(shown, name)];
  return [text(shown, name), folded(`${count} more lines`, `${name}, more lines`, rest)];
}

function picture(view: View, cell: number, id: string): HTMLElement {
  const name = `Picture of cell ${cell}`, figure = part("figure", "picture");
  figure.ariaLabel = name;
  figure.append(
    drawing(view.svg, name, id),
    folded("The picture as text", `${name} as text`, view.text),
  );
  return figure;
}

function film(steps: NonNullable<View["steps"]>, cell: number, id: string): HTMLElement {
  const figure = part("figure", "picture film"), pages = part("ol", "steps");
  figure.ariaLabel = `Film of cell ${cell}`;
  for (const [n, { operation, reasons, svg }] of steps.entries()) {
    const page = part("li", "step"), place = part("a", "", `${n + 1} of ${steps.length}`);
    const said = part("p", "caption");
    said.id = `${id}-step-${n + 1}`;
    place.href = `#${said.id}`;
    said.append(place, ` ${operation}`);
    for (const why of reasons) said.append(" ", part("span", "why", why));
    page.append(said, drawing(svg, `Picture ${n + 1} of ${steps.length} of cell ${cell}`, said.id));
    pages.append(page);
  }
  const all = steps.map(({ operation, reasons, text }) =>
    [operation, ...reasons.map((why) => `  ${why}`), text].join("\n")
  );
  const name = `The pictures of cell ${cell} as text`;
  figure.append(pages, folded(`All ${steps.length} pictures as text`, name, all.join("\n")));
  return figure;
}

function folded(summary: string, name: string, content: string): HTMLElement {
  const details = document.createElement("details");
  details.append(part("summary", "", summary), text(content, name));
  return details;
}

/** A drawing, or why there is none. */
function drawing(svg: string, label: string, id: string): HTMLElement {
  const box = part("div", "drawing"), drawn = readDrawing(svg);
  box.append(
    typeof drawn === "string"
      ? part("p", "note", `This is no drawing: ${drawn}.`)
      : drawnElement(named(drawn, label, id)),
  );
  return box;
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
