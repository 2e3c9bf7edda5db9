/// <reference lib="dom" />
// What a run brought, as elements: the same shapes that chapter_page.ts writes into the page.

import type { CellResult, Item } from "../../notebook/harness.ts";
import { joinTexts } from "./items.ts";

/** Shows a cell's result in its output, instead of what was there. */
export function show(output: HTMLElement, result: CellResult, cell: number, message?: string) {
  output.replaceChildren(...joinTexts(result.items).map((item, n) => element(item, cell, n)));
  if (message) output.append(text(message, `Error of cell ${cell}`, "threw"));
}

/** A block of text that can be reached and scrolled by keyboard. */
function text(content: string, label: string, more = ""): HTMLElement {
  const pre = document.createElement("pre");
  pre.className = `text ${more}`.trim();
  pre.tabIndex = 0;
  pre.role = "group";
  pre.ariaLabel = label;
  pre.textContent = content;
  return pre;
}

function element(item: Item, cell: number, n: number): HTMLElement {
  if (item.kind === "text") return text(item.text, `Output of cell ${cell}`);
  const figure = document.createElement("figure");
  figure.className = "picture";
  const words = text(item.text, `Picture of cell ${cell} as text`);
  words.id = `run-${cell}-${n + 1}`;
  const drawing = picture(item.svg);
  if (!drawing) return words;
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `Picture of cell ${cell}`);
  drawing.setAttribute("aria-describedby", words.id);
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "The picture as text";
  details.append(summary, words);
  const scrolls = document.createElement("div");
  scrolls.className = "drawing";
  scrolls.role = "group";
  scrolls.ariaLabel = `Picture of cell ${cell}, scrolls`;
  scrolls.append(drawing);
  figure.append(scrolls, details);
  return figure;
}

const shapes =
  /^(svg|g|defs|title|desc|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|marker|pattern)$/;
const unsafe = /^(on|style$|href$|xlink:)/;

/** A drawing out of the sandbox: shapes and their looks, nothing that runs, loads, links or covers the page. */
function picture(svg: string): SVGElement | undefined {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (root.localName !== "svg") return undefined;
  for (const part of [root, ...root.querySelectorAll("*")]) {
    if (!shapes.test(part.localName)) part.remove();
    for (const { name } of [...part.attributes]) if (unsafe.test(name)) part.removeAttribute(name);
  }
  return document.importNode(root, true) as unknown as SVGElement;
}
