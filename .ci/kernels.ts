// The strips of eras below the cells, and the kernel in the address.

import type { Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { folder, visit } from "./browser.ts";
import { barriers } from "./formats.ts";

const strip = (page: Page) => page.locator("#film > details.eras");
const beside = (page: Page) => strip(page).locator(".beside");
const show = (page: Page) => page.getByRole("button", { name: "Show both on page_count" });
const query = (page: Page) => page.evaluate<string>("location.search + location.hash");

/** Puts the tests of the page at `root`, an origin's, into a suite. */
export function testKernels(test: ReturnType<typeof suite>, root: string) {
  const address = `${root}chapters/formats.html`;

  test("without JavaScript each cell says how it comes out on other eras", async () => {
    await visit(address, { javaScriptEnabled: false }, async (page) => {
      const said = await strip(page).locator("summary").first().innerText();
      assert.match(said, "On other eras: differs: not parted on page_count to large_folio");
      await strip(page).locator("summary").first().click();
      assert.match(await strip(page).innerText(), /page_count 5\.9 to 5\.18 differs: not parted/);
      assert.is(await strip(page).getByRole("button").count(), 0);
      assert.match(await page.locator(".speaks").innerText(), "it speaks of mapcount, 2.6.13");
    });
  });

  test("two kernels stand beside each other up to where they part, and after a reload", async () => {
    for (const width of [1280, 320]) {
      await visit(address, { viewport: { width, height: 640 } }, async (page) => {
        await strip(page).locator("summary").first().click();
        await show(page).click();
        await beside(page).locator("svg").nth(1).waitFor();
        assert.match(await beside(page).locator(".steps-alike").innerText(), "is where they part");
        assert.is(
          await beside(page).locator(".steps-alike mark").innerText(),
          "fork(pid 1), the child is pid 2",
        );
        assert.is(await query(page), "?beside=page_count#film");
        assert.is(await page.evaluate("document.documentElement.scrollWidth"), width);
        assert.is(await barriers(page), "");
        await page.screenshot({ path: `${folder}/beside-${width}.png`, fullPage: true });
        await page.reload();
        await beside(page).locator("svg").nth(1).waitFor();
        assert.is(await show(page).getAttribute("aria-expanded"), "true");
        await show(page).click();
        assert.is(await beside(page).locator("svg").count(), 0);
        assert.is(await query(page), "#film");
      });
    }
  });

  test("the rules that are chosen for the cells are in the address, and the text leads to them", async () => {
    await visit(address, {}, async (page) => {
      const rules = page.getByRole("combobox", { name: "Run by the rules of" });
      await page.getByRole("button", { name: "or here by the rules of page_count" }).click();
      assert.is(await rules.inputValue(), "page_count");
      assert.is(await query(page), "?kernel=page_count");
      await page.reload();
      assert.is(await rules.inputValue(), "page_count");
      await page.getByRole("button", { name: "Reset all outputs" }).click();
      assert.is(await query(page), "");
    });
  });
}
