// The built site in a real browser, from http://127.0.0.1 and from file://: `deno task test:browser`.
//
// Needs Chromium; screenshots for people go to a temporary folder whose name is printed.

import type { Page } from "playwright-core";
import * as assert from "uvu/assert";

if (Deno.args.length > 0) {
  console.log(
    "usage: deno task test:browser\n\nRuns the built site in Chromium; CHROMIUM names another one.",
  );
  Deno.exit(Deno.args[0] === "--help" ? 0 : 1);
}

/** What uvu queues instead of running it, when it is told to before it is loaded; then we count for ourselves. */
type Run = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>;
const queue: Run[] = [];
Object.assign(globalThis, { UVU_DEFER: 1, UVU_QUEUE: [queue] });
const { suite } = await import("uvu");
const { asked, close, ended, folder, learn, origins, project, visit } = await import(
  "./browser.ts"
);
const { barriers, testFormats } = await import("./formats.ts");
const { testKernels } = await import("./kernels.ts");
const { testHostile } = await import("./hostile_pages.ts");
const { testPictures } = await import("./pictures.ts");

const pages = {
  index: "index.html",
  formats: "chapters/formats.html",
  kata: "kata/last-writer.html",
  code: "source/sim/mod.ts.html",
  scene: "source/sim/scenes/child-vmsplice.scene.html",
  text: "source/sim/scenes/recorded/README.md.html",
};
/** Every chapter of the course, by its slug. */
const chapters = Object.fromEntries(
  [...Deno.readDirSync(`${project}/chapters`)].flatMap(({ name }) =>
    name.match(/^\d\d-(.+)\.md$/)?.[1] ?? []
  ).sort().map((slug) => [slug, `chapters/${slug}.html`]),
);
/** A phone, a phone on its side, and each side of a width at which the pages change. */
const widths = [320, 575, 577, 703, 705, 768, 831, 833, 845, 882, 1280, 1311, 1313, 1920];
/** The build and the page write the same elements with other blanks between them. */
const squeeze = (text: string) => text.replace(/\s+/g, "");
const cell = (page: Page, id: string) => page.locator(`#${id}`);
const outputOf = (page: Page, id: string) =>
  cell(page, id).locator(".output > pre.text").allInnerTexts();

/** Puts code into a cell, by keyboard. */
async function edit(page: Page, id: string, change: (code: string) => string) {
  await cell(page, id).getByRole("button", { name: /^Edit/ }).click();
  const area = cell(page, id).getByRole("textbox");
  await area.fill(change(await area.inputValue()));
}

for (const [name, root] of Object.entries(origins)) {
  const test = suite(name);
  const at = (path: string) => root + path;

  for (const chapter of Object.values(chapters)) {
    test(`without JavaScript ${chapter} has its prose, code, outputs and pictures`, async () => {
      await visit(at(chapter), { javaScriptEnabled: false }, async (page) => {
        const cells = await page.locator(".cell").count();
        assert.ok(cells > 0);
        assert.is(await page.locator(".cell pre.code:visible").count(), cells);
        assert.ok(await page.locator("svg[role=img]:visible").count() > 0);
        assert.ok(await page.locator(".output pre.text:visible").count() > 0);
        assert.is(await page.locator("button, input, select").count(), 0, "none could work");
      });
    });

    test(`Run gives what ${chapter} shows already`, async () => {
      await visit(at(chapter), {}, async (page) => {
        const cells = page.locator(".cell:has(.tools)");
        const outputs = () => cells.locator(".output").allTextContents();
        const before = (await outputs()).map(squeeze);
        const drawings = await page.locator("figure svg[role=img]").count();
        await cells.locator(".output").evaluateAll((all) =>
          all.forEach((one) => one.replaceChildren())
        );
        const last = await cells.last().getAttribute("id");
        await cells.last().getByRole("button", { name: /^Run/ }).click();
        assert.is(await ended(page, last!), "Ran from nothing");
        assert.equal((await outputs()).map(squeeze), before);
        assert.is(await page.locator("figure svg[role=img]").count(), drawings);
        assert.is(await page.evaluate("'pinned_strip' in window"), false, "nothing was edited");
      });
    });
  }

  test("an edited cell runs with Control and Enter, and marks the later ones stale", async () => {
    await visit(at(pages.formats), {}, async (page) => {
      await edit(
        page,
        "first-store",
        (code) => `${code}\nconst n: number = 6 * 7;\nconsole.log("n is", n);`,
      );
      assert.is(
        await page.locator(".cell.stale").count(),
        await page.locator("#first-store, #first-store ~ .cell").count(),
      );
      await page.keyboard.press("Control+Enter");
      assert.is(await ended(page, "first-store"), "Ran from nothing");
      assert.ok((await outputOf(page, "first-store")).includes("n is 42"));
      assert.not.ok(
        await cell(page, "first-store").evaluate((it) => it.classList.contains("stale")),
      );
      assert.ok(await cell(page, "fork").evaluate((it) => it.classList.contains("stale")));
      await page.keyboard.press("Escape");
      assert.is(await page.evaluate("document.activeElement.textContent"), "Edit");
      await page.reload();
      assert.match(await cell(page, "first-store").locator("pre.code").innerText(), "6 * 7");
      await cell(page, "first-store").getByRole("button", { name: /^Reset/ }).click();
      assert.is(await page.locator(".cell.stale").count(), 0);
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
    ];
    for (const [code, said] of endless) {
      await visit(at(pages.formats), {}, async (page) => {
        await edit(page, "first-store", () => code);
        await cell(page, "fork").getByRole("button", { name: /^Run/ }).click();
        assert.is(await ended(page, "fork"), "Not reached: cell 2 failed");
        assert.match((await outputOf(page, "first-store")).join(), said);
      });
    }
  });

  test("a cell that takes its time, and answers, is let finish", async () => {
    await visit(at(pages.formats), {}, async (page) => {
      const code = "await new Promise((end) => setTimeout(end, 2_000));\nconsole.log('late');";
      await edit(page, "first-store", () => code);
      await page.keyboard.press("Control+Enter");
      assert.is(await ended(page, "first-store"), "Ran from nothing");
      assert.match((await outputOf(page, "first-store")).join(), /late/);
    });
  });

  test("an error names its cell and its line", async () => {
    await visit(at(pages.formats), {}, async (page) => {
      await edit(page, "fork", () => "// one\nconst x: number = 1;\nthrow new Error(`no ${x}`);");
      await page.keyboard.press("Control+Enter");
      await ended(page, "fork");
      assert.equal(await outputOf(page, "fork"), ["Error: no 1\n  at cell 3, line 3"]);
      await cell(page, "fork").getByRole("textbox").fill("const ok = 1;\nconst = 2;");
      await page.keyboard.press("Control+Enter");
      await ended(page, "fork");
      assert.match(
        (await outputOf(page, "fork")).join(),
        /^SyntaxError: .*\n {2}at cell 3, line 2$/,
      );
    });
  });

  test("a cell reaches no network, no storage and no page", async () => {
    const tries = [
      "fetch('../index.html')",
      "import('data:text/javascript,')",
      "eval('1')",
      "indexedDB.open('x')",
      "caches",
    ];
    const code = tries.map((what) =>
      `try { await ${what}; console.log("done"); } catch { console.log("refused"); }`
    ).join("\n");
    const asking = asked.length;
    // The browser's console tells of each refusal, so here it may speak.
    await visit(at(pages.formats), {}, async (page) => {
      await edit(page, "first-store", () => `${code}\nconsole.log(self.origin, typeof document);`);
      await page.keyboard.press("Control+Enter");
      await ended(page, "first-store");
      const lines = (await outputOf(page, "first-store")).join("\n").split("\n");
      assert.equal(lines, [...tries.map(() => "refused"), "null undefined"]);
    }, /Content Security Policy/);
    assert.is(asked.slice(asking).filter((path) => path.endsWith("index.html")).length, 0);
  });

  for (const [kind, path] of Object.entries({ ...pages, ...chapters })) {
    test(`the ${kind} page: no barrier that axe knows, nothing beyond the window's width`, async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await visit(at(path), { colorScheme }, async (page) => {
          assert.is(await barriers(page), "");
          if (root.startsWith("file")) {
            await page.screenshot({ path: `${folder}/${kind}-${colorScheme}.png`, fullPage: true });
          }
        });
      }
      await visit(at(path), { viewport: { width: 320, height: 640 } }, async (page) => {
        if (root.startsWith("file")) await page.screenshot({ path: `${folder}/${kind}-320.png` });
        const wider: string[] = [];
        for (const width of widths) {
          await page.setViewportSize({ width, height: 640 });
          const all = await page.evaluate("document.documentElement.scrollWidth");
          if (all !== width) wider.push(`${width}: ${all}`);
        }
        assert.equal(wider, []);
      });
    });
  }

  test("a page judges the katas' solutions and wrong fixes as the command line does", async () => {
    const { stdout, success } = await new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--allow-read",
        "--allow-env=LOG",
        "scripts/site/katas.ts",
      ],
      cwd: project,
      stderr: "inherit",
    }).output();
    assert.ok(success);
    await visit(at(pages.kata), {}, async (page) => {
      await page.evaluate(new TextDecoder().decode(stdout));
      const judged = await page.evaluate<{ path: string; said: string; promised: string }[]>(
        "judgeKatas()",
      );
      assert.ok(judged.length > 100);
      assert.equal(judged.filter(({ said, promised }) => said !== promised), []);
    });
  });

  testKernels(test, root);
  testFormats(test, root);
  testPictures(test, root, Object.values(chapters));
  test.run();
}

const live = suite("learn");

live("the page of a kata shows the verdict on the file on disk", async () => {
  const server = await learn(project, 8123);
  try {
    await visit(`${server.root}/${pages.kata}`, {}, async (page) => {
      const verdict = page.getByRole("status").first();
      while (/Looking/.test(await verdict.innerText())) await page.waitForTimeout(20);
      assert.match(
        await verdict.innerText(),
        /You have no attempt yet|tests pass|could not be judged/,
      );
      await page.screenshot({ path: `${folder}/learn.png`, fullPage: true });
    });
  } finally {
    await server.stop();
  }
});

live.run();

const others = suite("hostile chapters");
testHostile(others);
others.run();

let passed = 0, failed = 0;
for (const run of queue) {
  const [errors, good, , total] = await run();
  if (errors !== true) console.log(errors);
  passed += good;
  failed += total - good;
}
await close();
console.log(`Pictures for people: ${folder}`);
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed || !passed ? 1 : 0);
