/// <reference lib="dom" />
// Cells that mean harm: they reach nothing, speak for nobody, and leave a page that can be used.

import type { Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { srcdoc } from "../../scripts/site/client/frame.ts";
import { asked, ended, visit } from "../browser.ts";
import { RAN_EDITED } from "./cells.ts";
import { cell, outputOf, tryOut } from "./use.ts";

/** The chapter's own cell runs after the worst: the page is usable, and one sandbox waits. */
async function usable(page: Page) {
  await cell(page, "first-store").getByRole("button", { name: /^Reset/ }).click();
  await cell(page, "fork").getByRole("button", { name: /^Run/ }).click();
  assert.is(await ended(page, "fork"), "Ran from nothing");
  assert.match((await outputOf(page, "fork")).join(), /^secret/);
  assert.is(await page.locator("iframe").count(), 1);
  while (page.workers().length !== 1) await page.waitForTimeout(20);
}

/** Puts the tests of the page at `root`, an origin's, into a suite. */
export function testSandbox(test: ReturnType<typeof suite>, root: string) {
  const address = `${root}chapters/formats.html`;

  test("the sandbox reaches no network and no storage, whatever its code is", async () => {
    const tries = [
      "fetch('../index.html')",
      "import('data:text/javascript,')",
      "eval('1')",
      "indexedDB.open('x')",
      "caches.keys()",
      "navigator.storage.getDirectory()",
      "navigator.locks.request('x', () => {})",
      "importScripts('data:text/javascript,')",
      "new Promise((no, bad) => { const s = new WebSocket('ws://127.0.0.1:1'); s.onerror = bad; })",
    ];
    const asking = asked.length;
    // Not through the harness, which takes most of these names away: this is the policy's own.
    const text = `(async () => {
      const said = [];
      for (const act of [${tries.map((one) => `() => ${one}`)}]) {
        try { await act(); said.push("done"); } catch { said.push("refused"); }
      }
      postMessage([...said, origin, typeof document]);
    })();`;
    await visit(address, {}, async (page) => {
      const said = await page.evaluate(([srcdoc, text]) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.sandbox.add("allow-scripts");
          frame.srcdoc = srcdoc!;
          addEventListener("message", ({ data }) => resolve(data.data));
          frame.onload = () => frame.contentWindow!.postMessage({ name: "x", text }, "*");
          document.body.append(frame);
        }), [srcdoc, text]);
      assert.equal(said, [...tries.map(() => "refused"), "null", "undefined"]);
    }, /Content Security Policy|WebSocket|violates/);
    assert.is(asked.slice(asking).filter((path) => path.endsWith("index.html")).length, 0);
  });

  test("a cell finds the language around it, and nothing of the browser", async () => {
    await visit(address, {}, async (page) => {
      const [status, found] = await tryOut(
        page,
        "first-store",
        `const names: string[] = [];
for (let at: any = globalThis; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
  names.push(...Object.getOwnPropertyNames(at));
}
console.log(names.filter((name) => /^[a-z]|^[A-Z][a-zA-Z]+$/.test(name)).sort().join(" "));`,
      );
      assert.is(status, RAN_EDITED);
      for (
        const name of [
          "postMessage",
          "self",
          "Worker",
          "fetch",
          "caches",
          "URL",
          "close",
          "dispatchEvent",
          "onmessage",
          "pinned_worker",
          "pinnedCells",
          "BroadcastChannel",
          "importScripts",
        ]
      ) {
        assert.not.ok(found.split(/\s/).includes(name), name);
      }
      assert.ok(found.split(/\s/).includes("setTimeout"));
      assert.ok(found.split(/\s/).length < 80, found);
    });
  });

  test("what one run leaves behind the next does not find", async () => {
    await visit(address, {}, async (page) => {
      const code = `const all = globalThis as any;
console.log(all.left, [].left, JSON.stringify({}));
all.left = 1; Array.prototype.left = 1; JSON.stringify = () => "broken";
for (const name of ["caches", "localStorage", "sessionStorage", "indexedDB", "BroadcastChannel"]) {
  if (name in all) console.log(name);
}`;
      for (let n = 0; n < 2; n++) {
        assert.equal(await tryOut(page, "first-store", code), [
          RAN_EDITED,
          "undefined undefined {}",
        ]);
      }
    });
  });

  const forged: [name: string, code: string, said: RegExp][] = [
    ["posts by itself", "postMessage({ kind: 'end' });", /postMessage is not defined/],
    [
      "posts by its own prototype",
      "EventTarget.prototype.dispatchEvent(1 as any);",
      /EventTarget is not defined/,
    ],
    ["says that another begins", "for (;;) (__cell as any)(1);", /This cell calls __cell\(\)/],
    [
      "hides what it prints",
      "(__cell as any)(99);\nconsole.log('hidden');\n(__cell as any)(0);",
      /__cell/,
    ],
    [
      "enters the chapter again",
      "Object.values((arguments as any)[1]())[4](7);",
      /__chapter\(\) is the chapter's own/,
    ],
    ["counts without end", "for (let i = 0;; i++) count('a' + i, i);", /counted more than/],
    [
      "counts without end and catches it",
      "for (let i = 0;; i++) try { count('a' + i, i); } catch {}",
      /Stopped/,
    ],
    ["counts under a huge name", "count('a'.repeat(1e8), 1);", /takes a name such as/],
    ["prints without end and catches it", "for (;;) try { console.log(1); } catch {}", /Stopped/],
    ["throws something huge", "throw new Error('a'.repeat(1e8));", /a{1000}/],
    [
      "throws what cannot be read",
      "throw new Proxy(new Error('x'), { get() { throw 1; }, getPrototypeOf() { throw 2; } });",
      /threw something that cannot be read/,
    ],
    [
      "breaks what reads an error",
      "String.prototype.replace = String.prototype.indexOf = () => { throw 1; };\nthrow new Error('read me');",
      /threw something that cannot be read/,
    ],
    [
      "breaks what makes reports",
      "(Object.prototype as any).toJSON = () => undefined;\nconsole.log('still here');",
      /still here/,
    ],
    [
      "shows what is no text",
      "show({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'x', 'image/svg+xml': { length: 1 } }) } as any);",
      /show\(\) takes a view that answers texts/,
    ],
    [
      "shows what is no film",
      "show({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'x', 'image/svg+xml': '<svg/>', 'application/vnd.pinned.steps+json': '[1]' }) } as any);",
      /^TypeError/,
    ],
    [
      "loops where nobody waits",
      "setTimeout(() => { for (;;); });",
      /Stopped: after the last cell something still ran/,
    ],
  ];
  for (const [name, code, said] of forged) {
    test(`a cell that ${name} harms nobody`, async () => {
      await visit(address, {}, async (page) => {
        const [, output] = await tryOut(page, "first-store", code);
        assert.match(output, said);
        assert.ok(output.length < 300_000);
        await usable(page);
      });
    });
  }

  test("whatever the sandbox says, the page believes its shape only", async () => {
    await visit(address, {}, async (page) => {
      const words: unknown[] = [
        null,
        1,
        {},
        { kind: "toString" },
        { kind: "begin", cell: "0" },
        { kind: "begin", cell: 99 },
        { kind: "begin", cell: -1 },
        { kind: "item", cell: 0, item: { kind: "text", text: "before any cell began" } },
        { kind: "count", cell: 0, name: "__proto__", count: { value: 1 } },
        { kind: "error", cell: 0, error: null },
        { kind: "deeds", cell: -1, deeds: [] },
      ];
      for (const word of words) {
        await cell(page, "cell-1").getByRole("button", { name: /^Run/ }).hover();
        while (page.workers().length !== 1) await page.waitForTimeout(20);
        const frame = page.frames().find((one) => one !== page.mainFrame())!;
        const running = cell(page, "first-store").getByRole("button", { name: /^Run/ });
        // From inside of the frame, under the name of the worker that will run: the first word of the run.
        await frame.evaluate((word) => {
          addEventListener("message", ({ data }) => {
            if (data.word) parent.postMessage({ name: data.name, data: word }, "*");
          }, { once: true });
        }, word);
        await running.click();
        assert.is(
          await ended(page, "first-store"),
          "Not reached: cell 1 failed",
          JSON.stringify(word),
        );
        assert.match(
          (await outputOf(page, "cell-1")).join(),
          /^Stopped: what the sandbox said is no report of a run\./,
        );
      }
      await cell(page, "fork").getByRole("button", { name: /^Run/ }).click();
      assert.is(await ended(page, "fork"), "Ran from nothing");
    });
  });

  test("a worker that floods the page is ended by its frame", async () => {
    await visit(address, {}, async (page) => {
      const heard = await page.evaluate((srcdoc) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.sandbox.add("allow-scripts");
          frame.srcdoc = srcdoc;
          let heard = 0;
          addEventListener("message", ({ data }) => {
            heard++;
            if (data.data.kind === "flood") setTimeout(() => resolve(heard), 500);
          });
          const text = "for (;;) postMessage({ kind: 'end' });";
          frame.onload = () => frame.contentWindow!.postMessage({ name: "x", text }, "*");
          document.body.append(frame);
        }), srcdoc);
      assert.is(heard, 50_001);
    });
  });
}
