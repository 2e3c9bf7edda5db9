/// <reference lib="dom" />
// A film in the page: one picture at a time, by a scrubber, by buttons, by the arrow keys, by the list of its steps, and by
// the address of a picture. Its height is that of its highest picture, so that nothing below it moves.

import { button, part, status } from "./parts.ts";

/** Where a reader stands in a film, which a run may replace by another. */
export interface Stand {
  /** The number of the picture, from 0. */
  at: number;
  /** Which of its controls has the focus. */
  focus?: number;
}

/** Where a reader stands in a film. */
export function stand(film: HTMLElement): Stand {
  const focus = controls(film).indexOf(document.activeElement as HTMLElement);
  return { at: Number(film.dataset.at ?? 0), ...(focus >= 0 && { focus }) };
}

const controls = (
  film: HTMLElement,
) => [...film.querySelectorAll<HTMLElement>(".turns > :is(button, input)")];

/** Gives a film its controls, and shows the picture at which the reader stands. */
export function step(film: HTMLElement, { at, focus }: Stand = { at: 0 }): void {
  const steps = [...film.querySelectorAll<HTMLElement>(".step")], last = steps.length - 1;
  const turns = part("div", "turns tools"), place = status(), scrub = part("input", "");
  turns.role = "group";
  turns.ariaLabel = film.ariaLabel;
  const back = button("Back", "", () => go(now - 1));
  const forward = button("Forward", "", () => go(now + 1));
  Object.assign(scrub, {
    type: "range",
    min: "1",
    max: String(steps.length),
    ariaLabel: "Picture",
  });
  scrub.addEventListener("input", () => go(Number(scrub.value) - 1));
  turns.append(back, scrub, forward, place);
  const asked = () => steps.findIndex((one) => location.hash === one.querySelector("a")!.hash);
  let now = Math.min(asked() < 0 ? at : asked(), last);

  function go(to: number) {
    now = Math.max(0, Math.min(to, last));
    film.dataset.at = String(now);
    for (const [n, one] of steps.entries()) {
      one.classList.toggle("now", n === now);
      one.querySelector("a")!.ariaCurrent = n === now ? "step" : "false";
    }
    scrub.value = String(now + 1);
    const said = `${now + 1} of ${steps.length}`;
    scrub.setAttribute("aria-valuetext", said);
    // Not `disabled`: a button that loses the focus sends its reader back to the top of the page.
    back.ariaDisabled = String(now === 0);
    forward.ariaDisabled = String(now === last);
    // The caption stands in the picture for the eye; here it is for the ear.
    const caption = steps[now]!.querySelector(".caption")!.textContent.replace(said, "");
    place.replaceChildren(said, part("span", "unseen", `:${caption}`));
  }

  film.addEventListener("keydown", (event) => {
    const { key, ctrlKey, altKey, metaKey, shiftKey, target } = event;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[key];
    if (to === undefined || ctrlKey || altKey || metaKey || shiftKey) return;
    if ((target as HTMLElement).closest("pre")) return; // which scrolls
    event.preventDefault();
    go(to);
  });
  film.querySelector(".steps")!.addEventListener("click", (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const to = steps.findIndex((one) => one.contains(target));
    if (target.closest(".caption") && to >= 0) go(to);
  });
  addEventListener("hashchange", function follow() {
    if (!film.isConnected) removeEventListener("hashchange", follow);
    else if (asked() >= 0) go(asked());
  });
  const pages = film.querySelector<HTMLElement>(".steps")!;
  film.classList.add("turned");
  pages.style.setProperty("--steps", String(steps.length));
  pages.after(turns);
  go(now);
  if (focus !== undefined) controls(film)[focus]?.focus();
}
