/// <reference lib="dom" />
// Numbers in the prose that a cell counts. Where a run counts another one, the statement says so.

import type { CellResult } from "../../notebook/harness.ts";

/** Compares the statements about a cell with what it counted; without `counts`, they are the chapter's again. */
export function recount(id: string, counts?: CellResult["counts"]): void {
  for (const link of document.querySelectorAll<HTMLElement>(`a[data-count^="${id}."]`)) {
    const next = link.nextElementSibling;
    if (next?.matches(".recount")) next.remove();
    if (!counts) continue;
    const count = counts[link.dataset.count!.slice(id.length + 1)];
    const now = count &&
      (count.of === undefined ? `${count.value}` : `${count.value} of ${count.of}`);
    if (now === link.textContent) continue;
    const note = document.createElement("span");
    note.className = "recount";
    note.textContent = now ? ` (in your run: ${now})` : " (not counted in your run)";
    link.after(note);
  }
}
