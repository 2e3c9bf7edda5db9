/// <reference lib="dom" />
// What a reader makes of the code of cells, and what the page keeps of it.

import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { ended, visit } from "../browser.ts";
import { RAN_EDITED } from "./cells.ts";
import { cell, edit, outputOf } from "./use.ts";

/** Puts the tests of the page at `root`, an origin's, into a suite. */
export function testEdits(test: ReturnType<typeof suite>, root: string) {
  const address = `${root}chapters/formats.html`;

  test("an edited cell runs with Control and Enter, and marks the later ones stale", async () => {
    await visit(address, {}, async (page) => {
      await edit(
        page,
        "first-store",
        (code) => `${code}\nconst n: number = 6 * 7;\nconsole.log("n is", n);`,
      );
      assert.is(
        await page.locator(".cell.stale").count(),
        await page.locator("#first-store, #first-store ~ .cell").count(),
      );
      assert.match(
        await cell(page, "fork").locator(".note.state").innerText(),
        "This is the chapter's own output, and the code has changed.",
      );
      await page.keyboard.press("Control+Enter");
      assert.is(await ended(page, "first-store"), RAN_EDITED);
      assert.ok((await outputOf(page, "first-store")).includes("n is 42"));
      assert.not.ok(
        await cell(page, "first-store").evaluate((it) => it.classList.contains("stale")),
      );
      assert.ok(await cell(page, "fork").evaluate((it) => it.classList.contains("stale")));
      await page.keyboard.type(" ");
      assert.match(
        await cell(page, "first-store").locator(".note.state").innerText(),
        "Stale: the code has changed since this ran.",
      );
      await page.keyboard.press("Escape");
      assert.is(await page.evaluate("document.activeElement.textContent"), "Edit");
      await page.reload();
      assert.match(await cell(page, "first-store").locator("pre.code").innerText(), "6 * 7");
      await cell(page, "first-store").getByRole("button", { name: /^Reset/ }).click();
      assert.is(await page.locator(".cell.stale").count(), 0);
    });
  });

  test("where nothing ran and nothing is shown, nothing is stale", async () => {
    await visit(address, {}, async (page) => {
      await edit(page, "cell-1", (code) => `${code}\n1;`);
      assert.is(await cell(page, "cell-1").locator(".note").count(), 0);
      assert.is(await cell(page, "fork").locator(".note.state").count(), 1);
    });
  });

  test("an edit comes back after Reset, also on another day", async () => {
    await visit(address, {}, async (page) => {
      const code = () => cell(page, "fork").locator("pre.code").innerText();
      const button = (name: string) => cell(page, "fork").getByRole("button", { name });
      const before = await code();
      assert.is(await button("Undo reset").count(), 0);
      await edit(page, "fork", () => "mine;");
      await button("Reset").click();
      assert.is(await code(), before);
      await page.reload();
      assert.is(await code(), before);
      await button("Undo reset").click();
      assert.is((await code()).trim(), "mine;");
      assert.is(await button("Undo reset").count(), 0);
      await button("Reset").click();
      await edit(page, "fork", () => "other;");
      assert.is(await button("Undo reset").count(), 0, "there is a newer edit");
    });
  });

  test("an edit of a cell that the chapter has changed since is kept and shown", async () => {
    await visit(address, {}, async (page) => {
      const keep = (id: string, original: string, code: string) =>
        page.evaluate(
          ([id, original, code]) =>
            localStorage.setItem(`pinned/formats/${id}`, JSON.stringify({ original, code })),
          [id, original, code],
        );
      const code = () => cell(page, "fork").locator("pre.code").innerText();
      const before = await code();
      await keep("fork", "what stood there;\n", "mine;\n");
      for (let n = 0; n < 2; n++) {
        await page.reload();
        assert.is(await code(), before);
        const offer = cell(page, "fork").locator(".earlier");
        assert.match(await offer.innerText(), /changed this cell since you edited it.*mine;/s);
      }
      await cell(page, "fork").getByRole("button", { name: "Take it" }).click();
      assert.is((await code()).trim(), "mine;");
      await page.reload();
      assert.is((await code()).trim(), "mine;");
      assert.is(await page.locator(".earlier").count(), 0);
      await page.evaluate("localStorage.clear()");

      // A cell that has no name is found by its code where one was put before it.
      const first = await cell(page, "cell-1").locator("pre.code").innerText();
      await keep("cell-7", `${first.trimEnd()}\n`, "moved;\n");
      await page.reload();
      assert.is((await cell(page, "cell-1").locator("pre.code").innerText()).trim(), "moved;");
      assert.is(await page.locator(".earlier").count(), 0);
    });
  });

  test("each cell has a number that leads to it", async () => {
    for (const javaScriptEnabled of [true, false]) {
      await visit(address, { javaScriptEnabled }, async (page) => {
        const link = cell(page, "fork").getByRole("link", { name: "Cell 3", exact: true });
        await link.click();
        assert.is(new URL(page.url()).hash, "#fork");
        assert.ok(await link.isVisible());
      });
    }
  });

  test("with a finger every button has 44 px, and the editor text of 16 px", async () => {
    const phone = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } };
    await visit(address, phone, async (page) => {
      await edit(page, "fork", () => "1;");
      const small = await page.locator("button:visible, select:visible, summary:visible")
        .evaluateAll(
          (all) =>
            all.flatMap((one) => {
              const { width, height } = one.getBoundingClientRect();
              return width < 44 || height < 44 ? [`${one.textContent}: ${width} ${height}`] : [];
            }),
        );
      assert.equal(small, []);
      const size = await cell(page, "fork").getByRole("textbox").evaluate((it) =>
        getComputedStyle(it).fontSize
      );
      assert.is(size, "16px");
      assert.is(await page.evaluate("document.documentElement.scrollWidth"), 390);
    });
  });
}
