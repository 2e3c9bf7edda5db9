// Questions before cells: what answers them waits, and what a reader chose is remembered.

import type { Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { ended, visit } from "../browser.ts";

const output = (page: Page) => page.locator("#question .output");
const told = (page: Page) => page.locator("#question + p");
const after = (page: Page) => page.locator("#second-answer");
const first = (page: Page) => page.locator(".predict").first();

/** Puts the tests of the page at `root`, an origin's, into a suite. */
export function testQuestions(test: ReturnType<typeof suite>, root: string) {
  const address = `${root}chapters/formats.html`;

  test("without JavaScript, and on paper, the answer to a question is all there", async () => {
    for (const javaScriptEnabled of [false, true]) {
      await visit(address, { javaScriptEnabled }, async (page) => {
        if (javaScriptEnabled) await page.emulateMedia({ media: "print" });
        for (const what of [output(page), told(page), after(page)]) {
          assert.ok(await what.isVisible());
        }
      });
    }
  });

  test("what gives an answer away waits up to the next heading, then the right one is named", async () => {
    await visit(address, {}, async (page) => {
      const question = page.getByRole("group", { name: /^What does the device find/ });
      assert.not.ok(await output(page).isVisible());
      assert.not.ok(await told(page).isVisible());
      assert.not.ok(await after(page).isVisible());
      assert.ok(await page.getByRole("heading", { name: "A count" }).isVisible());
      assert.ok(await page.locator("#lost .output").isVisible());
      assert.not.ok(await page.locator("#question .eras").first().isVisible(), "other kernels");
      assert.match(
        await page.locator("#question .veil").innerText(),
        "The output, and what follows it up to “A count”, wait for your choice above.",
      );
      await first(page).getByRole("button", { name: "Check" }).click();
      const said = first(page).getByRole("status");
      assert.is(await said.innerText(), "Choose one first.");
      await question.getByRole("radio").first().focus();
      await page.keyboard.press("Space");
      assert.not.ok(await output(page).isVisible());
      await page.keyboard.press("Tab"); // past the group, to the button
      await page.keyboard.press("Enter");
      assert.is(await said.innerText(), "You chose a. The output confirms b.");
      assert.is(await output(page).innerText(), "the device reads buffer");
      assert.ok(await told(page).isVisible());
      assert.ok(await after(page).isVisible());
      assert.ok(await page.locator("#question .eras").first().isVisible());
      assert.not.ok(await after(page).locator(".output").isVisible(), "the second question waits");
      await question.getByRole("radio", { name: /what was there before/ }).check();
      await first(page).getByRole("button", { name: "Check" }).click();
      assert.is(await said.innerText(), "Right. The output confirms b.");
      await page.reload();
      assert.is(await said.innerText(), "Right. The output confirms b.", "it is remembered");
      assert.ok(await question.getByRole("radio", { name: /what was there before/ }).isChecked());
      assert.ok(await told(page).isVisible());
      assert.not.ok(await after(page).locator(".output").isVisible());
    });
  });

  test("a choice among other answers is forgotten when the question is another one", async () => {
    await visit(address, {}, async (page) => {
      await page.evaluate(() =>
        localStorage.setItem(
          "pinned/formats/question/choice",
          JSON.stringify({ question: "What?", choice: 0 }),
        )
      );
      await page.reload();
      assert.not.ok(await output(page).isVisible());
    });
  });

  test("who does not choose gets the output by a button, by a run, or by a link to it", async () => {
    await visit(address, {}, async (page) => {
      await page.locator("#question").getByRole("button", { name: "Show it" }).click();
      assert.ok(await output(page).isVisible());
      assert.is(await page.evaluate("document.activeElement.id"), "question");
      await page.evaluate("localStorage.clear()");
      await page.reload();
      await page.getByRole("button", { name: "Run cell 7" }).click();
      await ended(page, "lost");
      assert.not.ok(await output(page).isVisible(), "a later cell tells nothing");
      await page.getByRole("button", { name: "Run cell 5" }).click();
      await ended(page, "question");
      assert.ok(await output(page).isVisible());
      await page.evaluate("localStorage.clear()");
    });
    await visit(`${address}#second-answer`, {}, async (page) => {
      assert.ok(await after(page).isVisible());
    });
  });
}
