/// <reference lib="dom" />
// A film in the page: one picture at a time, back and forward. Its height is that of its highest picture, so that
// nothing below it moves.

import { button, part, status } from "./parts.ts";

/** Where a reader stands in a film, which a run may replace by another. */
export interface Stand {
  /** The number of the picture, from 0. */
  at: number;
  /** The button that has the focus, "Back" or "Forward". */
  focus?: string;
}

/** Where a reader stands in a film. */
export function stand(film: HTMLElement): Stand {
  const { activeElement } = document;
  const inside = film.querySelector(".turns")?.contains(activeElement);
  return {
    at: Number(film.dataset.at ?? 0),
    ...(inside && { focus: activeElement!.textContent! }),
  };
}

/** Gives a film its buttons, and shows the picture at which the reader stands. */
export function step(film: HTMLElement, { at, focus }: Stand = { at: 0 }): void {
  const steps = [...film.querySelectorAll<HTMLElement>(".step")];
  const last = steps.length - 1;
  const turns = part("div", "turns tools");
  turns.role = "group";
  turns.ariaLabel = `Film of ${film.dataset.name}`;
  const back = button("Back", "", () => go(now - 1));
  const forward = button("Forward", "", () => go(now + 1));
  const place = status();
  turns.append(back, forward, place);
  let now = Math.min(at, last);

  function go(to: number) {
    const left = drawingOf(now).scrollLeft;
    now = Math.max(0, Math.min(to, last));
    film.dataset.at = String(now);
    steps.forEach((one, n) => one.classList.toggle("now", n === now));
    drawingOf(now).scrollLeft = left;
    // Not `disabled`: a button that loses the focus sends its reader back to the top of the page.
    back.ariaDisabled = String(now === 0);
    forward.ariaDisabled = String(now === last);
    // The caption stands in the picture for the eye; here it is for the ear.
    place.replaceChildren(
      `${now + 1} of ${steps.length}`,
      part("span", "unseen", `: ${captionOf(now).textContent}`),
    );
  }
  const drawingOf = (n: number) => steps[n]!.querySelector<HTMLElement>(".drawing")!;
  const captionOf = (n: number) => steps[n]!.querySelector<HTMLElement>(".caption")!;

  turns.addEventListener("keydown", (event) => {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[key];
    if (to === undefined || ctrlKey || altKey || metaKey || shiftKey) return;
    event.preventDefault();
    go(to);
  });
  for (const [n, one] of steps.entries()) {
    one.hidden = false;
    captionOf(n).ariaHidden = "true";
  }
  film.classList.add("turned");
  film.querySelector(".steps")!.after(turns);
  go(now);
  for (const one of [back, forward]) if (one.textContent === focus) one.focus();
}
