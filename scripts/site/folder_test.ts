// Writes sites into folders that are new, ours, and somebody else's.

import { join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Problem } from "../tool/problem.ts";
import { sweepSite, writeSite } from "./folder.ts";

const site = new Map([["index.html", "new"], ["chapters/owners.html", "text"]]);

const top = await Deno.makeTempDir({ prefix: "folder test " });
test.after(() => Deno.remove(top, { recursive: true }));

const fresh = () => Deno.makeTempDir({ dir: top });

async function refused(folder: string): Promise<string> {
  try {
    await writeSite(site, folder);
  } catch (error) {
    assert.instance(error, Problem);
    return String(error);
  }
  return "written";
}

test("writeSite() makes the folder, and all folders above it", async () => {
  const folder = join(await fresh(), "a", "_site");
  await writeSite(site, folder);
  assert.is(await Deno.readTextFile(join(folder, "chapters/owners.html")), "text");
});

test("writeSite() replaces an earlier site as a whole, and leaves nothing beside it", async () => {
  const above = await fresh();
  const folder = join(above, "_site");
  await writeSite(new Map([["index.html", "old"], ["gone/x.html", "old"]]), folder);
  await writeSite(site, folder);
  assert.is(await Deno.readTextFile(join(folder, "index.html")), "new");
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assert.equal(names, [".pinned-site", "chapters", "index.html"]);
  assert.equal([...Deno.readDirSync(above)].map(({ name }) => name), ["_site"]);
});

test("writeSite() takes an empty folder", async () => {
  const folder = await fresh();
  await writeSite(site, folder);
  assert.is(await Deno.readTextFile(join(folder, "index.html")), "new");
});

test("writeSite() refuses a folder with anything of somebody else's, and names it", async () => {
  const folder = await fresh();
  await Deno.writeTextFile(join(folder, "thesis.md"), "mine");
  assert.match(await refused(folder), /error: the folder holds thesis\.md/);
  assert.is(await Deno.readTextFile(join(folder, "thesis.md")), "mine");
});

test("writeSite() refuses a site of ours into which somebody put a file", async () => {
  const folder = join(await fresh(), "_site");
  await writeSite(site, folder);
  await Deno.mkdir(join(folder, ".git"));
  await Deno.writeTextFile(join(folder, ".git", "config"), "theirs");
  assert.match(await refused(folder), /holds \.git\/config/);
});

test("writeSite() refuses a file in the folder's place", async () => {
  const file = join(await fresh(), "_site");
  await Deno.writeTextFile(file, "mine");
  assert.match(await refused(file), /holds _site, which/);
  assert.is(await Deno.readTextFile(file), "mine");
});

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

test("sweepSite() takes away what a killed `site` left, and nothing else", async () => {
  const above = await fresh();
  const made = async (name: string, text?: string) => {
    await Deno.mkdir(join(above, name, "chapters"), { recursive: true });
    if (text !== undefined) await Deno.writeTextFile(join(above, name, ".pinned-site"), text);
  };
  await writeSite(site, join(above, "_site"));
  for (const name of ["._site.new-0a1b2c3d", "._site.old-0a1b2c3d"]) {
    await made(name, "index.html\n");
  }
  await Deno.mkdir(join(above, "._site.new-4e5f6a7b"));
  const others = [
    "._site.new-0a1b2c3",
    "._site.new-0a1b2c3d5",
    "_site.new-0a1b2c3d",
    ".b.new-0a1b2c3d",
  ];
  for (const name of others) await made(name, "index.html\n");
  await made("._site.new-ffffffff"); // of the right name, with something of somebody's
  await sweepSite(join(above, "_site"));
  assert.equal(names(above), [...others, "._site.new-ffffffff", "_site"].sort());
});

test("sweepSite() leaves alone what another `site` is at work on", async () => {
  const above = await fresh(), name = "._site.new-0a1b2c3d";
  await Deno.mkdir(join(above, name));
  const child = new Deno.Command("deno", {
    args: [
      ...["eval", "--quiet"],
      `const f = await Deno.create(Deno.args[0]); await f.lock(true); console.log("locked");
      await new Promise((end) => setTimeout(end, 1e6));`,
      join(above, name, ".pinned-site"),
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await sweepSite(join(above, "_site"));
  assert.equal(names(above), [name]);
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  await sweepSite(join(above, "_site"));
  assert.equal(names(above), []);
});

test("sweepSite() brings back the site that was away when `site` was killed", async () => {
  const above = await fresh();
  await writeSite(site, join(above, "_site"));
  await Deno.rename(join(above, "_site"), join(above, "._site.old-0a1b2c3d"));
  await sweepSite(join(above, "_site"));
  assert.equal(names(above), ["_site"]);
});

test.run();
