// Files are replaced as a whole, and found below a folder.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { filesBelow, hashOf, replaceFile } from "./files.ts";
import { readFrom } from "./here.ts";
import { refusal } from "./refusal.ts";

const dir = await Deno.makeTempDir({ prefix: "some files " });
test.after(() => Deno.remove(dir, { recursive: true }));

test("replaceFile() leaves the mode as it is, and nothing beside the file", async () => {
  const path = `${dir}/a.txt`;
  await replaceFile(path, "one");
  await Deno.chmod(path, 0o640);
  await replaceFile(path, "two", dir);
  assert.is(await Deno.readTextFile(path), "two");
  assert.is((await Deno.stat(path)).mode! & 0o777, 0o640);
  assert.equal(await filesBelow(dir), [path]);
});

test("filesBelow() goes into folders, and not where it is told not to", async () => {
  await Deno.mkdir(`${dir}/b/c`, { recursive: true });
  await Deno.writeTextFile(`${dir}/b/c/d.txt`, "");
  assert.equal(await filesBelow(`${dir}/b`), [`${dir}/b/c/d.txt`]);
  assert.equal(await filesBelow(`${dir}/b`, (path) => !path.endsWith("/c")), []);
});

test("readFrom() says what is wrong with a file that a person names", async () => {
  const said = (path: string) => refusal(([path]) => readFrom(path!), [path]);
  assert.is(await said("/no/such/file"), "/no/such/file: error: there is no such file");
  assert.is(await said(dir), `${dir}: error: this is a folder`);
});

test("hashOf() has twelve digits, for a text and for lines", () => {
  assert.is(hashOf("x\n"), hashOf(["x"]));
  assert.match(hashOf("x"), /^[0-9a-f]{12}$/);
});

test.run();
