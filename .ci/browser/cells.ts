// Cells that are run: what they say, where, and in what time they are stopped.

import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { asked, ended, visit } from "../browser.ts";
import { cell, edit, outputOf, tryOut } from "./use.ts";

/** The status of a run in which an edited cell took part. */
export const RAN_EDITED = "Ran from nothing, types not checked";

/** Puts the tests of the page at `root`, an origin's, into a suite. */
export function testCells(test: ReturnType<typeof suite>, root: string) {
  const address = `${root}chapters/formats.html`;

  test("a run says that the types of an edited cell were not checked", async () => {
    await visit(address, {}, async (page) => {
      const wrong = `const n: number = "text";\nconsole.log(n);`;
      assert.equal(await tryOut(page, "first-store", wrong), [RAN_EDITED, "text"]);
      await cell(page, "first-store").getByRole("button", { name: /^Reset/ }).click();
      await cell(page, "first-store").getByRole("button", { name: /^Run/ }).click();
      assert.is(await ended(page, "first-store"), "Ran from nothing");
    });
  });

  test("a cell that never ends is stopped, and named", async () => {
    const endless: [code: string, said: RegExp][] = [
      ["while (true);", /Stopped: while this cell gave no answer, the browser did/],
      ["while (true) console.log(1);", /printed more than 1,000 lines/],
      ["await new Promise(() => {});", /Stopped: while this cell gave no answer, the browser did/],
      [
        "await new Promise((end) => setTimeout(end, 1e8));",
        /Stopped: while this cell gave no answer, the browser did/,
      ],
      ["setInterval(() => {}, 1e8);", /Stopped: after the last cell something still ran while/],
    ];
    for (const [code, said] of endless) {
      await visit(address, {}, async (page) => {
        await edit(page, "first-store", () => code);
        const late = code.startsWith("setInterval");
        const last = late ? "first-store" : "fork";
        await cell(page, last).getByRole("button", { name: /^Run/ }).click();
        assert.is(await ended(page, last), late ? "Failed" : "Not reached: cell 2 failed");
        assert.match((await outputOf(page, "first-store")).join(), said);
      });
    }
  });

  test("a cell that takes its time, and answers, is let finish", async () => {
    await visit(address, {}, async (page) => {
      const code = "await new Promise((end) => setTimeout(end, 2_000));\nconsole.log('late');";
      assert.equal(await tryOut(page, "first-store", code), [RAN_EDITED, "late"]);
    });
  });

  test("what a timer prints and what a promise throws after the end is told as in a terminal", async () => {
    const cases: [code: string, said: RegExp][] = [
      [
        "Promise.reject(new TypeError('left alone'));",
        /^TypeError: left alone\n {2}at cell 2, line 1/,
      ],
      ["setTimeout(() => console.log('too late'), 300);", /printed after the last cell had ended/],
      [
        "setTimeout(() => { throw new Error('too late'); }, 300);",
        /^Error: too late\n {2}at cell 2/,
      ],
    ];
    for (const [code, said] of cases) {
      await visit(address, {}, async (page) => {
        const [status, output] = await tryOut(page, "first-store", code);
        assert.is(status, "Failed");
        assert.match(output, said);
      });
    }
  });

  test("a thousand lines fold, and none of them is lost", async () => {
    await visit(address, {}, async (page) => {
      const code = "for (let n = 1; n <= 1000; n++) console.log(n);";
      assert.is((await tryOut(page, "first-store", code))[0], RAN_EDITED);
      assert.is((await outputOf(page, "first-store"))[0]!.split("\n").length, 20);
      const fold = cell(page, "first-store").locator(".output > details");
      await fold.getByText("980 more lines").click();
      assert.match(await fold.locator("pre").innerText(), /^21\n.*\n1000$/s);
      await page.emulateMedia({ media: "print" });
      assert.ok(await fold.locator("pre").isVisible(), "on paper they stand there, open or not");
    });
  });

  test("an error names its cell, its line and the chapter's, and marks it", async () => {
    await visit(address, {}, async (page) => {
      const code = "// one\nconst x: number = 1;\nthrow new Error(`no ${x}`);";
      const [, output] = await tryOut(page, "fork", code);
      assert.match(
        output,
        /^Error: no 1\n {2}at cell 3, line 3 \(edited; it begins at chapters\/90-formats\.md:\d+\)$/,
      );
      const marked = cell(page, "fork").locator("xpath=self::*[contains(@class, 'lined')]");
      assert.is(await marked.evaluate((it) => it.style.getPropertyValue("--line")), "3");
      assert.is(await cell(page, "fork").locator("pre.threw a").getAttribute("href"), "#fork");
      await edit(page, "fork", () => "1;");
      assert.is(await marked.count(), 0, "what is edited is another line");
      await edit(page, "cell-1", (before) => before.replace("m.mmap(1, A);", ""));
      await cell(page, "fork").getByRole("button", { name: /^Reset/ }).click();
      await cell(page, "fork").getByRole("button", { name: /^Run/ }).click();
      assert.is(await ended(page, "fork"), "Not reached: cell 2 failed");
      assert.is(await cell(page, "fork").locator(".status a").getAttribute("href"), "#first-store");
      assert.match(
        (await outputOf(page, "first-store")).join(),
        /\n {2}at cell 2, line 1 \(chapters\/90-formats\.md:26\)$/,
      );
    });
  });

  test("an error in what an earlier cell defined is that of the cell that called it", async () => {
    await visit(address, {}, async (page) => {
      await edit(page, "first-store", () => "1;\nfunction f() {\n  throw new Error('in f');\n}");
      const [status, output] = await tryOut(page, "fork", "f();");
      assert.is(status, "Failed");
      assert.match(output, /^Error: in f\n {2}at cell 2, line 3 /);
      assert.is(await page.locator(".lined").getAttribute("id"), "first-store");
    });
  });

  test("what does not parse is named by its own cell and line", async () => {
    const cases: [code: string, line: number][] = [
      ["const ok = 1;\nconst = 2;", 2],
      ["if (true) {", 1],
      ["1;\n`${", 2],
      ["}", 1],
      ["const twice = 1;\n\nconst twice = 2;", 3],
    ];
    await visit(address, {}, async (page) => {
      for (const [code, line] of cases) {
        const [status, output] = await tryOut(page, "first-store", code);
        assert.is(status, "Failed", code);
        assert.match(output, new RegExp(`^SyntaxError: .*\n {2}at cell 2, line ${line} `), code);
        await cell(page, "question").getByRole("button", { name: /^Run/ }).click();
        assert.is(await ended(page, "question"), "Not reached: cell 2 failed", code);
        assert.is((await outputOf(page, "first-store")).join("\n"), output, code);
      }
    });
  });

  test("the run of one cell and at once of the next ends with both, however late the machine comes", async () => {
    await visit(address, {}, async (page) => {
      await page.route("**/machine.js", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        await route.continue();
      });
      const run = (ids: string[]) =>
        page.evaluate(
          `for (const id of ${
            JSON.stringify(ids)
          }) document.querySelector("#" + id + " .tools > button").click()`,
        );
      await run(["first-store", "fork"]);
      assert.is(await ended(page, "fork"), "Ran from nothing");
      assert.is(await ended(page, "first-store"), "Ran from nothing");
      await run(["fork", "first-store"]);
      assert.is(await ended(page, "first-store"), "Ran from nothing");
      assert.is(await ended(page, "fork"), "Not run: cell 2 was, instead");
    });
  });

  test("ten double clicks leave one sandbox, and nobody at work in it", async () => {
    await visit(address, {}, async (page) => {
      await page.route("**/machine.js", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        await route.continue();
      });
      for (const code of ["1;", "while (true) {}"]) {
        await edit(page, "first-store", () => code);
        for (let n = 0; n < 10; n++) {
          await cell(page, "first-store").getByRole("button", { name: /^Run/ }).dblclick();
        }
        assert.is(await ended(page, "first-store"), code === "1;" ? RAN_EDITED : "Failed");
        assert.is(await page.locator("iframe").count(), 1);
        while (page.workers().length !== 1) await page.waitForTimeout(20);
        const [spare] = page.workers();
        assert.is(await spare!.evaluate("typeof pinned_worker"), "undefined", "it waits for cells");
      }
    });
  });

  test("the first cells show what they came to while a later one still runs", async () => {
    await visit(address, {}, async (page) => {
      await edit(page, "first-store", () => "console.log('soon');");
      await edit(page, "fork", () => "await new Promise((end) => setTimeout(end, 1_000));");
      await page.keyboard.press("Control+Enter");
      while (!/soon/.test((await outputOf(page, "first-store")).join())) {
        await page.waitForTimeout(5);
      }
      assert.is(await cell(page, "fork").locator(".tools .status").innerText(), "Running");
      assert.is(await ended(page, "fork"), RAN_EDITED);
    });
  });

  test("a run draws anew only what has become another", async () => {
    await visit(address, {}, async (page) => {
      const run = cell(page, "film").getByRole("button", { name: /^Run/ });
      for (const expected of [0, 1]) {
        await run.click();
        await ended(page, "film");
        assert.is(await cell(page, "fork").locator(".output .ours").count(), expected);
        await cell(page, "fork").locator(".output > *").first().evaluate((it) =>
          it.classList.add("ours")
        );
      }
    });
  });

  test("who never touches a cell loads neither the machine nor what runs it", async () => {
    await visit(address, {}, async (page) => {
      const scripts = () =>
        page.locator("script[src]").evaluateAll((all) =>
          all.map((one) => one.getAttribute("src")!.replace(/.*\//, ""))
        );
      assert.equal(await scripts(), ["page.js"]);
      await cell(page, "fork").getByRole("button", { name: /^Run/ }).hover();
      while (page.workers().length < 1) await page.waitForTimeout(20);
      assert.equal(await scripts(), ["page.js", "run.js", "machine.js", "formats.run.js"]);
      const asking = asked.length;
      await cell(page, "fork").getByRole("button", { name: /^Run/ }).click();
      assert.is(await ended(page, "fork"), "Ran from nothing");
      assert.equal(asked.slice(asking), [], "all was ready");
    });
  });
}
