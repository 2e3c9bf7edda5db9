// The built site in a real browser, from http://127.0.0.1 and from file://: `deno task test:browser`.
//
// Needs Chromium; screenshots for people go to a temporary folder whose name is printed.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as assert from "uvu/assert";

/** What uvu queues instead of running it, when it is told to before it is loaded; then we count for ourselves. */
type Run = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>;
const queue: Run[] = [];
Object.assign(globalThis, { UVU_DEFER: 1, UVU_QUEUE: [queue] });
const { suite } = await import("uvu");

// playwright looks for Windows below /proc/sys when it is loaded, which Deno allows to --allow-all only; told to test
// that look-up, it does not look.
Deno.env.set("__IS_WSL_TEST__", "1");
const { chromium } = await import("playwright-core");
const { default: AxeBuilder } = await import("@axe-core/playwright");

const folder = await Deno.makeTempDir({ prefix: "pinned browser " });
const site = `${folder}/the site`;

const built = await new Deno.Command("deno", {
  args: [
    "run",
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-run=deno",
    "--allow-env=INIT_CWD,LOG",
    "scripts/site.ts",
    "--out",
    site,
  ],
  cwd: new URL("..", import.meta.url),
  stdout: "null",
  stderr: "inherit",
}).output();
if (!built.success) Deno.exit(1);

/** What each origin calls the site's root. */
const origins: Record<string, string> = { "file://": `file://${encodeURI(site)}/` };
const asked: string[] = [];
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  async (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    const types: Record<string, string> = {
      css: "text/css",
      js: "text/javascript",
      svg: "image/svg+xml",
    };
    try {
      // Under a base path, as a project's pages are.
      const file = await Deno.readFile(
        site + decodeURIComponent(pathname).replace(/^\/some\/base/, ""),
      );
      const type = types[pathname.split(".").at(-1)!] ?? "text/html; charset=utf-8";
      return new Response(file, { headers: { "content-type": type } });
    } catch {
      return new Response("not found", { status: 404 });
    }
  },
);
origins["http://127.0.0.1"] = `http://127.0.0.1:${server.addr.port}/some/base/`;

const browser = await launch();

/** Chromium, asked not to call home. */
async function launch(): Promise<Browser> {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const wish = Deno.env.get("CHROMIUM");
  for (const executablePath of wish ? [wish] : places) {
    try {
      Deno.statSync(executablePath);
    } catch {
      continue;
    }
    return await chromium.launch({
      executablePath,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }
  console.error(`error: there is no Chromium at ${wish ?? places.join(", ")}
  Install one (Debian: apt-get install chromium), or say where it is: CHROMIUM=/path/to/chromium`);
  Deno.exit(1);
}

/** Opens a page of the site, hands it over, and insists that nothing was asked of another origin or went wrong but what is `expected`. */
async function visit(
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  expected = /^$/,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  const own = address.slice(0, address.indexOf("/", "https://".length) + 1);
  page.on("request", (request) => {
    if (!request.url().startsWith(own) && !/^(?:blob|data|about):/.test(request.url())) {
      wrong.push(`asked for ${request.url()}`);
    }
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text())) wrong.push(message.text());
  });
  try {
    await page.goto(address);
    await look(page);
    assert.equal(wrong, []);
  } finally {
    await context.close();
  }
}

const pages = {
  index: "index.html",
  chapter: "chapters/owners.html",
  kata: "kata/last-writer.html",
};
const cell = (page: Page, id: string) => page.locator(`#${id}`);
const outputOf = (page: Page, id: string) =>
  cell(page, id).locator(".output > pre.text").allInnerTexts();

/** Puts code into a cell, by keyboard. */
async function edit(page: Page, id: string, change: (code: string) => string) {
  await cell(page, id).getByRole("button", { name: /^Edit/ }).click();
  const area = cell(page, id).getByRole("textbox");
  await area.fill(change(await area.inputValue()));
}

/** Waits until the run of a cell has ended, and returns what its status says. */
async function ended(page: Page, id: string): Promise<string> {
  const status = cell(page, id).locator(".status");
  for (let n = 0; n < 400; n++) {
    const text = await status.innerText();
    if (text && text !== "Running") return text;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`cell ${id} gave no status`);
}

for (const [name, root] of Object.entries(origins)) {
  const test = suite(name);
  const at = (path: string) => root + path;

  test("without JavaScript a chapter has its prose, code, outputs and pictures", async () => {
    await visit(at(pages.chapter), { javaScriptEnabled: false }, async (page) => {
      const html = await page.content();
      assert.match(html, "How many owners does a page have?");
      assert.ok(await page.locator("svg[role=img]").count() >= 5);
      assert.match((await outputOf(page, "three-kernels")).join(), /mapcount +the device reads/);
      assert.is(await page.getByRole("button").count(), 0, "no control that cannot work");
    });
  });

  test("Run gives what the page shows already", async () => {
    await visit(at(pages.chapter), {}, async (page) => {
      const cells = page.locator(".cell:has(.tools)");
      const outputs = () => cells.locator(".output").allInnerTexts();
      const before = await outputs();
      await cells.locator(".output").evaluateAll((all) =>
        all.forEach((one) => one.replaceChildren())
      );
      const last = await cells.last().getAttribute("id");
      await cells.last().getByRole("button", { name: /^Run/ }).click();
      assert.is(await ended(page, last!), "Ran from nothing");
      assert.equal(await outputs(), before);
      assert.ok(await page.locator("figure svg[role=img]").count() >= 5);
      assert.is(
        await page.evaluate("'pinned_strip' in window"),
        false,
        "nothing was edited",
      );
    });
  });

  test("an edited cell runs with Control and Enter, and marks the later ones stale", async () => {
    await visit(at(pages.chapter), {}, async (page) => {
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

  test("a loop that never ends is stopped, and its cell is named", async () => {
    await visit(at(pages.chapter), {}, async (page) => {
      await edit(page, "first-store", () => "while (true);");
      await cell(page, "fork").getByRole("button", { name: /^Run/ }).click();
      assert.is(await ended(page, "fork"), "Not reached: cell 2 failed");
      assert.match(
        (await outputOf(page, "first-store")).join(),
        /Stopped: this cell gave no answer/,
      );
    });
  });

  test("an error names its cell and its line", async () => {
    await visit(at(pages.chapter), {}, async (page) => {
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
    await visit(at(pages.chapter), {}, async (page) => {
      await edit(page, "first-store", () => `${code}\nconsole.log(self.origin, typeof document);`);
      await page.keyboard.press("Control+Enter");
      await ended(page, "first-store");
      const lines = (await outputOf(page, "first-store")).join("\n").split("\n");
      assert.equal(lines, [...tries.map(() => "refused"), "null undefined"]);
    }, /Content Security Policy/);
    assert.is(asked.slice(asking).filter((path) => path.endsWith("index.html")).length, 0);
  });

  for (const [kind, path] of Object.entries(pages)) {
    test(`the ${kind} page: no barrier that axe knows, nothing beyond 320 pixels`, async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await visit(at(path), { colorScheme }, async (page) => {
          // axe would fetch the style sheets, which the site's own policy refuses.
          const { violations } = await new AxeBuilder({ page }).options({ preload: false })
            .analyze();
          const found = violations.map(({ id, nodes }) =>
            `${id}: ${nodes.map(({ html }) => html).join("\n")}`
          );
          assert.is(found.join("\n"), "");
          if (root.startsWith("file")) {
            await page.screenshot({ path: `${folder}/${kind}-${colorScheme}.png`, fullPage: true });
          }
        });
      }
      await visit(at(path), { viewport: { width: 320, height: 640 } }, async (page) => {
        assert.is(await page.evaluate("document.documentElement.scrollWidth"), 320);
        if (root.startsWith("file")) await page.screenshot({ path: `${folder}/${kind}-320.png` });
      });
    });
  }

  test.run();
}

const live = suite("learn");

live("the page of a kata shows the verdict on the file on disk", async () => {
  const learn = new Deno.Command("deno", {
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--allow-read",
        "--allow-write=.woven",
        "--allow-run=deno",
      ],
      ...["--allow-net=127.0.0.1", "--allow-env=LOG", "scripts/learn.ts", "--port", "8123"],
    ],
    cwd: new URL("..", import.meta.url),
    stdout: "piped",
  }).spawn();
  try {
    let said = "";
    for await (const text of learn.stdout.pipeThrough(new TextDecoderStream())) {
      if (/http:\S+/.test(said += text)) break;
    }
    await visit(`${/http:\S+/.exec(said)![0]}/${pages.kata}`, {}, async (page) => {
      const verdict = page.getByRole("status").first();
      while (/Looking/.test(await verdict.innerText())) await page.waitForTimeout(20);
      assert.match(
        await verdict.innerText(),
        /You have no attempt yet|tests pass|could not be judged/,
      );
      await page.screenshot({ path: `${folder}/learn.png`, fullPage: true });
    });
  } finally {
    learn.kill("SIGINT");
    await learn.status;
  }
});

live.run();

let passed = 0, failed = 0;
for (const run of queue) {
  const [errors, good, , total] = await run();
  if (errors !== true) console.log(errors);
  passed += good;
  failed += total - good;
}
await browser.close();
await server.shutdown();
console.log(`Pictures for people: ${folder}`);
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed || !passed ? 1 : 0);
