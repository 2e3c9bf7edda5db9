// What the tests of cells do with a page: edit a cell, run it, read what it shows.

import type { Page } from "playwright-core";
import { ended } from "../browser.ts";

export const cell = (page: Page, id: string) => page.locator(`#${id}`);

/** The texts that a cell shows. */
export const outputOf = (page: Page, id: string) =>
  cell(page, id).locator(".output > pre.text").allInnerTexts();

/** Puts code into a cell, by keyboard; the focus stays in it. */
export async function edit(page: Page, id: string, change: (code: string) => string) {
  const area = cell(page, id).getByRole("textbox");
  if (await area.count() === 0) await cell(page, id).getByRole("button", { name: /^Edit/ }).click();
  await area.fill(change(await area.inputValue()));
}

/** Puts code into a cell and runs it; gives what its status says, and what it shows. */
export async function tryOut(page: Page, id: string, code: string): Promise<[string, string]> {
  await edit(page, id, () => code);
  await page.keyboard.press("Control+Enter");
  const status = await ended(page, id);
  return [status, (await outputOf(page, id)).join("\n")];
}
