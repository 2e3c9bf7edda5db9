/// <reference lib="dom" />
// The table of hazards with a reader's kernel, on a phone and on paper, and the contents that follow.

import type { Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { visit } from "../browser.ts";

/** Puts the tests of the pages at `root`, an origin's, into a suite. */
export function testTable(test: ReturnType<typeof suite>, root: string) {
  const at = (path: string) => root + path;
  const ask = async (page: Page, kernel: string) => {
    await page.getByLabel("Your kernel").fill(kernel);
    await page.getByRole("button", { name: "Find its column" }).click();
    return await page.locator("form.yours [role=status]").innerText();
  };
  const heat = ".heat", marked = ".heat td.yours";

  test("the table finds a kernel by what uname -r prints, and says what it does not know", async () => {
    await visit(at("hazards.html"), { viewport: { width: 320, height: 640 } }, async (page) => {
      assert.match(await ask(page, "5.15.223"), /^5\.15\.223 follows page_count: \d+ of \d+ rows/);
      const squares = await page.locator(marked).count();
      assert.ok(squares > 30);
      const head = (await page.locator(".heat th.yours").boundingBox())!;
      const name = (await page.locator(".heat tbody th").first().boundingBox())!;
      assert.ok(head.x >= name.x + name.width - 1 && head.x < 320, `${head.x}`);
      assert.match(await ask(page, "6.1.0-18-amd64"), "6.1.0 follows anon_exclusive");
      assert.is(await page.locator(marked).count(), squares);
      assert.match(await ask(page, "6.16.3"), /^Nothing is known of 6\.16\.3, between .*name one/);
      assert.is(await page.locator(marked).count(), 0);
    });
    await visit(at("hazards.html#kernel=5.4.59"), {}, async (page) => {
      assert.match(
        await page.locator("form.yours [role=status]").innerText(),
        "read_gup_breaks_cow",
      );
    });
  });

  test("without JavaScript the table is whole, and asks for nothing; its squares lead to their kernels", async () => {
    await visit(at("hazards.html"), { javaScriptEnabled: false }, async (page) => {
      assert.is(await page.locator("form, button, input").count(), 0);
      await page.locator("tr#pin-fork-parent-writes td a").first().click();
      assert.match(page.url(), /pin-fork-parent-writes\.scene\.html#kernels-1$/);
      assert.ok(await page.locator("li:target").isVisible());
    });
  });

  test("on paper the table is all its rows", async () => {
    await visit(at("hazards.html"), {}, async (page) => {
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 1040, height: 735 }); // A4 on its side
      const cut = (box: Element) =>
        box.scrollHeight - box.clientHeight + box.scrollWidth - box.clientWidth;
      assert.is(await page.locator(heat).evaluate(cut), 0);
    });
  });

  test("the contents mark the section that is read", async () => {
    await visit(at("chapters/formats.html"), {}, async (page) => {
      const here = page.locator(".contents [aria-current=location]");
      const last = page.locator("article h2").last(), words = (await last.innerText()).trim();
      await last.scrollIntoViewIfNeeded();
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      await here.filter({ hasText: words }).waitFor();
      await page.evaluate("scrollTo(0, 0)");
      await here.filter({ hasText: words }).waitFor({ state: "detached" });
    });
  });
}
