// The built site in a real browser, from http://127.0.0.1 and from file://: `deno task test:browser`.
//
// Needs Chromium; screenshots for people go to a temporary folder whose name is printed.

import { brotliCompressSync } from "node:zlib";
import * as assert from "uvu/assert";

if (Deno.args.some((word) => word.startsWith("-"))) {
  console.log(
    `deno task test:browser             the built site in Chromium; CHROMIUM names another one
deno task test:browser WORD…       only the tests that have a word in their name`,
  );
  Deno.exit(Deno.args[0] === "--help" ? 0 : 1);
}

/** What uvu queues instead of running it, when it is told to before it is loaded; then we count for ourselves. */
type Run = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>;
const queue: Run[] = [];
Object.assign(globalThis, { UVU_DEFER: 1, UVU_QUEUE: [queue] });
const { suite } = await import("uvu");
const { close, ended, folder, learn, origins, project, visit } = await import(
  "./browser.ts"
);
const { barriers, testFormats } = await import("./formats.ts");
const { testKernels } = await import("./kernels.ts");
const { testHostile } = await import("./hostile_pages.ts");
const { testPictures } = await import("./pictures.ts");
const { testCells } = await import("./browser/cells.ts");
const { testEdits } = await import("./browser/edits.ts");
const { testQuestions } = await import("./browser/questions.ts");
const { testSandbox } = await import("./browser/sandbox.ts");
const { testTable } = await import("./browser/table.ts");

const pages = {
  index: "index.html",
  formats: "chapters/formats.html",
  kata: "kata/last-writer.html",
  code: "source/sim/mod.ts.html",
  scene: "source/sim/scenes/child-vmsplice.scene.html",
  text: "source/sim/scenes/recorded/README.md.html",
  hazards: "hazards.html",
  missing: "404.html",
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
/** A suite that takes only the tests that were asked for. */
function chosen(name: string): ReturnType<typeof suite> {
  const all = suite(name);
  const take: typeof all = Object.assign((...test: Parameters<typeof all>) => {
    const wanted = Deno.args.length === 0 || Deno.args.some((word) => test[0].includes(word));
    if (wanted) all(...test);
  }, all);
  return take;
}

for (const [name, root] of Object.entries(origins)) {
  const test = chosen(name);
  const at = (path: string) => root + path;
  // What takes its time, and does not depend on where a page comes from, is asked once.
  const fromDisk = name === "file://";

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

    test(`${chapter} weighs at most 80 kB, and 10 kB of it are scripts`, async () => {
      await visit(at(chapter), {}, async (page) => {
        const asked = await page.evaluate<string[]>(
          `[...document.querySelectorAll("script[src], link[href]")].map(({ src, href }) => src ?? href)`,
        );
        const files = [chapter, ...asked.map((name) => name.slice(root.length))];
        const sizes = [...new Set(files)].map((file) => ({
          file,
          size: brotliCompressSync(Deno.readFileSync(new URL(origins["file://"] + file))).length,
        }));
        const sum = (some: typeof sizes) => some.reduce((all, { size }) => all + size, 0);
        assert.ok(asked.some((name) => name.endsWith("assets/page.js")));
        assert.ok(sum(sizes) <= 80_000, JSON.stringify(sizes));
        assert.ok(
          sum(sizes.filter(({ file }) => /js$/.test(file))) <= 10_000,
          JSON.stringify(sizes),
        );
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

  for (const [kind, path] of Object.entries(fromDisk ? { ...pages, ...chapters } : {})) {
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

  if (fromDisk) {
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
  }

  testKernels(test, root);
  testFormats(test, root);
  if (fromDisk) testPictures(test, root, Object.values(chapters));
  testCells(test, root);
  testEdits(test, root);
  if (!fromDisk) testSandbox(test, root);
  testQuestions(test, root);
  testTable(test, root);
  test.run();
}

const live = chosen("learn");

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
