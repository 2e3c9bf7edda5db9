// What a page adds to films, questions, counted statements and the choice of an era: formats.md, by keyboard.

import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { ended, folder, visit } from "./browser.ts";

/** What axe has against a page, a rule and its elements a line; nothing is good. */
export async function barriers(page: Page): Promise<string> {
  // axe would fetch the style sheets, which the site's own policy refuses.
  const { violations } = await new AxeBuilder({ page }).options({ preload: false }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`)
    .join("\n");
}

const film = (page: Page) => page.locator("#film .film");
const pictures = (page: Page) => film(page).locator("svg[role=img]:visible");
const place = (page: Page) => film(page).getByRole("status").textContent().then(String);
const focused = (page: Page) => page.evaluate("document.activeElement.textContent");
const output = (page: Page) => page.locator("#question .output");

/** Waits until nothing scrolls in a region any more. */
async function still(region: Locator): Promise<void> {
  let before = "";
  for (let alike = 0; alike < 4;) {
    const now = await region.evaluate((it) => `${it.scrollLeft} ${it.scrollTop}`);
    alike = now === before ? alike + 1 : 0;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Puts the tests of the page at `root`, an origin's, into a suite. */
export function testFormats(test: ReturnType<typeof suite>, root: string) {
  const address = `${root}chapters/formats.html`;

  test("without JavaScript a film is all its pictures, and a question has its answer to open", async () => {
    await visit(address, { javaScriptEnabled: false }, async (page) => {
      assert.is(await pictures(page).count(), 4);
      await film(page).getByText("All 4 pictures as text").click();
      assert.match(await film(page).locator("pre").innerText(), "fork(pid 1), the child is pid 2");
      assert.is(await page.locator("input, select, button").count(), 0);
      assert.is(await output(page).innerText(), "the device reads buffer");
      await page.getByText("The answer").first().click();
      assert.ok(await page.getByText("confirms b: what was there before").isVisible());
    });
  });

  test("a film is walked by keyboard, one picture at a time, and nothing else moves", async () => {
    await visit(address, {}, async (page) => {
      assert.match(await place(page), /^1 of 4: store/);
      const tops = () =>
        page.locator("#film .step.now .drawing, #film .turns, #sources").evaluateAll((all) =>
          all.map((one) => one.getBoundingClientRect().top)
        );
      const forward = film(page).getByRole("button", { name: "Forward" });
      await film(page).scrollIntoViewIfNeeded();
      const before = await tops();
      await forward.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowRight");
      assert.match(await place(page), /^3 of 4: fork/);
      assert.equal(await tops(), before);
      await page.keyboard.press("End");
      assert.match(await place(page), /^4 of 4: store.*\bdo_wp_page \(mapcount\): copy/s);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      assert.match(await place(page), /^4 of 4/);
      assert.is(await focused(page), "Forward", "the focus stays at the end");
      assert.equal(await pictures(page).evaluateAll((all) => all.map((one) => one.ariaLabel)), [
        "pid 1, nic, pid 2; 2 frames. ✗ parted: pid 1 sees pfn 2, its nic works on pfn 1",
      ]);
      assert.ok(await film(page).locator(".caption:visible").getByText("do_wp_page").isVisible());
      await page.keyboard.press("Home");
      assert.match(await place(page), /^1 of 4/);
      assert.equal(await tops(), before);
      await page.locator("#film").getByRole("button", { name: /^Run/ }).focus();
      await page.keyboard.press("ArrowRight");
      assert.match(await place(page), /^1 of 4/, "outside of the film no key is the film's");
    });
  });

  test("a film is walked by its scrubber, by the list of its steps, and by the address of a picture", async () => {
    await visit(`${address}#film-step-3`, {}, async (page) => {
      assert.match(await place(page), /^3 of 4: fork/);
      await film(page).getByRole("slider").focus();
      await page.keyboard.press("ArrowRight");
      assert.match(await place(page), /^4 of 4/);
      await film(page).getByRole("slider").fill("2");
      assert.match(await place(page), /^2 of 4/);
      await film(page).getByText("fork(pid 1)").first().click();
      assert.match(await place(page), /^3 of 4: fork/);
      await film(page).getByRole("link", { name: "1 of 4" }).click();
      assert.match(await place(page), /^1 of 4: store/);
      assert.match(page.url(), /#film-step-1$/);
      await page.goBack();
      assert.match(await place(page), /^3 of 4/);
    });
  });

  test("a film that a run replaced is at the same picture, with the focus where it was", async () => {
    await visit(address, {}, async (page) => {
      await film(page).getByRole("button", { name: "Forward" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await film(page).evaluate((it) => it.classList.add("old"));
      await page.keyboard.press("Control+Enter");
      assert.is(await ended(page, "film"), "Ran from nothing");
      assert.is(await page.locator(".old").count(), 0);
      assert.is(await focused(page), "Forward");
      await page.keyboard.press("ArrowRight");
      assert.match(await place(page), /^4 of 4: store/);
    });
  });

  test("on paper a film is all its pictures, and no output is held back", async () => {
    await visit(address, {}, async (page) => {
      await page.emulateMedia({ media: "print" });
      assert.is(await pictures(page).count(), 4);
      assert.is(await film(page).locator(".caption:visible").count(), 4);
      assert.ok(await output(page).isVisible());
      assert.is(await page.locator("button:visible, input:visible, select:visible").count(), 0);
    });
  });

  test("a table that is too wide and too high scrolls by keyboard in its region, and keeps its names in sight", async () => {
    await visit(address, { viewport: { width: 320, height: 640 } }, async (page) => {
      const table = page.getByRole("group", { name: "Table: A table" });
      const box = async (text: string) =>
        (await table.getByText(text, { exact: true }).boundingBox())!;
      await table.scrollIntoViewIfNeeded();
      await table.focus();
      const [place, column, row] = [await table.boundingBox(), await box("c1"), await box("row-1")];
      for (let n = 0; n < 12; n++) await page.keyboard.press("ArrowRight");
      await still(table);
      assert.ok((await box("c1")).x < column.x, "the columns went to the left");
      assert.is((await box("row-1")).x, row.x, "and the row's name stayed");
      await page.keyboard.press("End");
      await still(table);
      assert.ok((await box("row-1")).y < row.y, "the rows went up");
      assert.is((await box("c1")).y, column.y, "and the columns' names stayed");
      assert.equal(await table.boundingBox(), place, "the page itself stands still");
      assert.is(await page.evaluate("document.documentElement.scrollWidth"), 320);
    });
    await visit(address, { viewport: { width: 1920, height: 2000 } }, async (page) => {
      const table = page.getByRole("group", { name: "Table: A table" });
      assert.is(await table.getAttribute("tabindex"), null, "what fits is no stop");
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 718, height: 1000 });
      assert.ok(
        await table.evaluate((it) => it.clientHeight === it.scrollHeight),
        "on paper all rows",
      );
    });
  });

  test("another era runs when it is told to, says what differs, and goes away again", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await visit(address, { colorScheme }, async (page) => {
        const before = await page.locator(".output").allTextContents();
        const rules = page.getByRole("combobox", { name: "Run by the rules of" });
        await rules.selectOption("anon_exclusive");
        assert.equal(await page.locator(".output").allTextContents(), before);
        assert.is(await page.locator(".stale").count(), 7);
        await page.getByRole("button", { name: "Run all" }).click();
        await ended(page, "lost");
        assert.is(
          await page.locator(".kernels").getByRole("status").innerText(),
          "By the rules of anon_exclusive, 4 of 6 outputs are not the chapter's.",
        );
        assert.is(await page.locator(".stale").count(), 0);
        assert.match(await page.locator("article p").first().innerText(), "(in your run: 0 of 2)");
        const question = page.locator(".predict").first();
        await question.getByRole("radio").first().check();
        await question.getByRole("button", { name: "Check" }).click();
        assert.match(await question.locator(".status").innerText(), "Right.");
        assert.is(await barriers(page), "");
        await page.setViewportSize({ width: 320, height: 640 });
        assert.is(await page.evaluate("document.documentElement.scrollWidth"), 320);
        await page.screenshot({ path: `${folder}/era-${colorScheme}-320.png`, fullPage: true });
        await page.getByRole("button", { name: "Reset all outputs" }).click();
        assert.equal(await page.locator(".output").allTextContents(), before);
        assert.is(await rules.inputValue(), "mapcount");
        assert.is(await page.locator(".recount, .note.state").count(), 0);
      });
    }
  });
}
