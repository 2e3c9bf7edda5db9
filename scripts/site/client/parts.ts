/// <reference lib="dom" />
// Elements for the page, in a line each.

/** An element with a class and a text. */
export function part<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** A button that says `text`; its name for who does not see it says of what. */
export function button(text: string, of: string, act: () => void): HTMLButtonElement {
  const element = part("button", "", text);
  element.type = "button";
  if (of) element.ariaLabel = `${text} ${of}`;
  element.addEventListener("click", act);
  return element;
}

/** Text that is read out when it changes. */
export function status(tag: "p" | "span" = "span"): HTMLElement {
  const element = part(tag, "status");
  element.role = "status";
  return element;
}

/** Text in which "cell 3" leads to that cell. */
export function linked(text: string): (Node | string)[] {
  return text.split(/\b(cell \d+)/).map((piece) => {
    const index = Number(/^cell (\d+)$/.exec(piece)?.[1]) - 1;
    const section = document.querySelector(`.cell[data-index="${index}"]`);
    if (!section) return piece;
    const link = part("a", "", piece);
    link.href = `#${section.id}`;
    return link;
  });
}

/** All that a cell printed and drew, in words. */
export function words(output: HTMLElement): string {
  return [...output.querySelectorAll("pre.text")].map((pre) => pre.textContent).join("\n");
}
