// Reading a chapter on a terminal: a screenful at a time, and before a cell that answers a question, what the reader thinks.
// Enter goes on and skips a question, q leaves. In a pipe nobody is waited for.

import * as colors from "@std/fmt/colors";
import { type End, FORWARD, INTERRUPT, keysIn, LEAVE, type Screen } from "../tool/keys.ts";
import { painted, wrap } from "../tool/text.ts";
import { letter } from "./predict.ts";
import type { Part } from "./reader.ts";

/** Shows the parts of a chapter, and asks its questions. */
export async function turnPages(parts: readonly Part[], screen: Screen): Promise<End> {
  const reading = new Reading(screen);
  for (const [at, { lines, choices, answers }] of parts.entries()) {
    const said = answers ? reading.said() : [];
    for (const line of [...at > 0 ? [""] : [], ...said, ...lines]) {
      const left = await reading.show(line);
      if (left) return left;
    }
    if (choices === undefined) continue;
    const left = await reading.ask(choices);
    if (left) return left;
  }
  return "end";
}

/** What is on the screen since somebody last looked, and what was said last. */
class Reading {
  readonly #screen: Screen;
  #lines = 0;
  #chosen = "";
  /** Keys that were typed and not yet taken. */
  #keys: string[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows a line, when there is room for it: a page is as high as the terminal, with a line for what to type. */
  async show(line: string): Promise<Exclude<End, "end"> | undefined> {
    if (this.#lines >= Math.max(this.#screen.rows() - 1, 1)) {
      const key = await this.#key("Enter → on, q leave", (key) => FORWARD.includes(key));
      if (key === "left" || key === "interrupted") return key;
    }
    this.#screen.say(line);
    this.#lines++;
  }

  /** Waits for a letter, or for Enter, which says nothing. */
  async ask(choices: number): Promise<Exclude<End, "end"> | undefined> {
    const letters = Array.from({ length: choices }, (_, at) => letter(at));
    const list = `${letters.slice(0, -1).join(", ")} or ${letters.at(-1)}`;
    const takes = (key: string) => FORWARD.includes(key) || letters.includes(key);
    const key = await this.#key(`What do you think: ${list}? Enter skips, q leaves`, takes);
    if (key === "left" || key === "interrupted") return key;
    this.#chosen = letters.includes(key) ? key : "";
  }

  /** What was chosen, as a line above the answer. */
  said(): string[] {
    if (!this.#chosen) return [];
    return wrap([{ text: `You said ${this.#chosen}.`, paint: colors.bold }], this.#screen.columns())
      .map(painted);
  }

  /** Shows what can be typed, until it is; the line is gone then. */
  async #key(
    hint: string,
    takes: (key: string) => boolean,
  ): Promise<string | Exclude<End, "end">> {
    this.#screen.say(colors.dim(hint.slice(0, this.#screen.columns() - 1)));
    const found = await this.#typed(takes);
    this.#screen.rubOut(1);
    this.#lines = 0;
    return found;
  }

  async #typed(takes: (key: string) => boolean): Promise<string> {
    for (;;) {
      const key = this.#keys.shift();
      if (key === undefined) {
        const typed = await this.#screen.typed();
        if (typed === undefined) return "left";
        this.#keys = keysIn(typed);
      } else if (key === INTERRUPT) return "interrupted";
      else if (LEAVE.includes(key)) return "left";
      else if (takes(key)) return key;
    }
  }
}
