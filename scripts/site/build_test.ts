// The course as it is: every page is made, and whatever a link leads to is on the site.

import { dirname, join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { build } from "./build.ts";

const { files, problems } = await build({ live: false });

/** Where the links of a page lead, from the site's root, but for other origins. */
function targets(path: string): { address: string; target: string; hash: string | undefined }[] {
  const found = files.get(path)!.matchAll(/<(?:a|link|script) [^>]*?(?:href|src)="([^"]*)"/g);
  return [...found].map(([, address]) => address!).filter((address) => !/^https:/.test(address))
    .map((address) => {
      const [to = "", hash] = address.split("#");
      return { address, target: to ? join(dirname(path), decodeURIComponent(to)) : path, hash };
    });
}

test("build() makes every page of the course", () => {
  assert.equal(problems.map(String), []);
});

test("every link of every page leads to a file of the site, and to an id on it", () => {
  const lost: string[] = [];
  for (const path of files.keys()) {
    if (!path.endsWith(".html")) continue;
    for (const { address, target, hash } of targets(path)) {
      const text = files.get(target);
      if (text === undefined || hash && !text.includes(` id="${hash}"`)) {
        lost.push(`${path}: ${address}`);
      }
    }
  }
  assert.equal(lost.slice(0, 9), []);
});

test("the table of hazards leads to the page of each scene, and to those of the records", () => {
  const path = [...files.keys()].find((path) => files.get(path)!.includes(`<th scope="row">`))!;
  const rows = files.get(path)!.match(/<tr><th scope="row"><a .*<\/tr>/g)!;
  assert.ok(rows.length > 30, `${path}: ${rows.length}`);
  for (const row of rows) {
    const [, scene, name] = row.match(/<th scope="row"><a href="\.\.\/(.*?)">(.*?)<\/a><\/th>/)!;
    assert.is(scene, `source/sim/scenes/${name}.scene.html`);
    assert.match(files.get(scene!)!, `=== ${name}\n`);
    for (const [, record] of row.matchAll(/<td><a href="\.\.\/(source\/scripts\/[^"]*)">/g)) {
      assert.match(files.get(record!)!, "release: ");
      assert.match(files.get(record!)!, ` ${name}`);
    }
  }
});

test("a script with code of others says whose, and their licences lie beside it and on a page", () => {
  const text = files.get("assets/strip.licences.txt")!, page = files.get("licences.html")!;
  const names = /^\/\*! .*: (.*) \*\/$/m.exec(files.get("assets/strip.js")!)![1]!.split(", ");
  assert.ok(names.some((name) => /^sucrase \d/.test(name)), names.join());
  for (const name of names) {
    assert.match(text, `${name}\n\n`);
    assert.match(page, `<h2>${name}</h2>`);
  }
  assert.is(text.match(/Permission is hereby granted|^ +Version 2.0/gm)?.length, names.length);
  assert.match(page, "the authors of pinned");
  for (const path of files.keys()) {
    if (/^assets\/(?!strip).*\.js$/.test(path)) assert.not.match(files.get(path)!, "/*! ", path);
  }
});

test.run();
