// The chapters of hostile.ts in the browser: from `learn`, whose pages may talk to their server, and the built site from disk.
// None runs in the page's origin, none reaches the network or storage, and every page can be used as before.

import type { Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildSite, copy, ended, fileAddress, folder, learn, visit } from "./browser.ts";
import { type Hostile, hostile } from "./hostile.ts";

/** A server of somebody else's, and what it was asked for. */
const heard: string[] = [];
const elsewhere = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  ({ url }) => {
    heard.push(url);
    return new Response("", { headers: { "access-control-allow-origin": "*" } });
  },
);

const slugOf = ({ tries }: Hostile) => tries.toLowerCase().replaceAll(" ", "-");
const textOf = ({ title = "Hostile", body }: Hostile) =>
  `---
title: ${JSON.stringify(title)}
question: Does it hold?
years: "2005"
kernel: mapcount
katas: []
minutes: 1
---

\`\`\`ts id=first
import { Lab } from "sim";
const m = new Lab(kernel);
console.log(m.trace.length);
\`\`\`

${body}`.replaceAll("%ELSEWHERE%", `http://127.0.0.1:${elsewhere.addr.port}/`);

/** A copy of the project whose chapters are these. */
async function projectOf(name: string, chapters: readonly Hostile[]): Promise<string> {
  const project = `${folder}/${name}`;
  await copy(new URL("../", import.meta.url), project);
  await Deno.remove(`${project}/chapters`, { recursive: true });
  await Deno.mkdir(`${project}/chapters`);
  for (const [n, chapter] of chapters.entries()) {
    await Deno.writeTextFile(
      `${project}/chapters/${n + 10}-${slugOf(chapter)}.md`,
      textOf(chapter),
    );
  }
  return project;
}

/** Runs the last cell of a page, then its first one, and looks for what should not be. */
async function tryOut(page: Page, address: string): Promise<void> {
  const first = page.locator(".cell").first(), last = page.locator(".cell").last();
  for (const cell of [last, first]) {
    await cell.getByRole("button", { name: /^Run/ }).click();
    const said = await ended(page, (await cell.getAttribute("id"))!);
    if (cell === first) assert.is(said, "Ran from nothing", "the page stays usable");
  }
  await untouched(page, address);
}

/** Nobody else's script ran, nothing is stored, and this is still the page. */
async function untouched(page: Page, address: string): Promise<void> {
  assert.is(page.url(), address);
  assert.is(
    await page.evaluate(`"owned" in document.documentElement.dataset || "owned" in window`),
    false,
    "something ran in the page's origin",
  );
  const site = await page.evaluate<string>(
    "new URL(document.documentElement.dataset.root, location).href",
  );
  const scripts = await page.locator("script").evaluateAll((all) =>
    all.map((one) => (one as HTMLScriptElement).src)
  );
  assert.equal(scripts.filter((src) => !src.startsWith(site)), []);
  // One frame is ours, in which the cells ran.
  const ours = '[hidden][sandbox="allow-scripts"]';
  assert.ok(await page.locator(`iframe${ours}`).count() <= 1);
  const elements = `iframe:not(${ours}), object, embed, base, form, foreignObject, ` +
    "[style], [onload], [onerror]";
  assert.is(await page.locator(elements).count(), 0, elements);
  assert.equal(
    await page.evaluate(`(async (ours) => [
      Object.keys(localStorage).filter((key) => !ours(key)).length, sessionStorage.length, document.cookie,
      (await indexedDB.databases()).length,
      globalThis.caches && location.protocol !== "file:" ? (await caches.keys()).length : 0,
    ])((key) => /^pinned\\/.*\\/choice$/.test(key))`), // a question's answer is the page's own to keep
    [0, 0, "", 0, 0],
    "something is stored",
  );
}

/** Puts a test for each hostile chapter into a suite. */
export function testHostile(test: ReturnType<typeof suite>): void {
  const built = hostile.filter(({ refused }) => !refused);
  let server: Awaited<ReturnType<typeof learn>>, disk: string;
  test.before(async () => {
    server = await learn(await projectOf("hostile chapters", hostile), 8223);
    disk = fileAddress(await buildSite(await projectOf("those that are built", built)));
  });
  test.after(async () => {
    await server.stop();
    await elsewhere.shutdown();
  });

  for (const chapter of hostile) {
    const { tries, refused } = chapter, path = `chapters/${slugOf(chapter)}.html`;
    test(`a hostile chapter tries ${tries}`, async () => {
      const addresses = [`${server.root}/${path}`, ...refused ? [] : [`${disk}${path}`]];
      for (const address of addresses) {
        await visit(address, {}, async (page) => {
          if (refused) {
            assert.match(await page.locator("pre.threw").innerText(), refused);
            await untouched(page, address);
          } else await tryOut(page, address);
        }, /./); // the browser tells of what it refuses; what arrives, the other server hears
      }
      assert.equal(heard, [], "it reached the network");
    });
  }
}
