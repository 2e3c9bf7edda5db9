// Files are replaced as a whole, and found below a folder.

import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  createFile,
  filesBelow,
  hashOf,
  moveFile,
  ownFolder,
  replaceFile,
  sweepAside,
  textAt,
} from "./files.ts";
import { readFrom } from "./here.ts";
import { refusal, symlink } from "./refusal.ts";

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

test("createFile() and moveFile() never write over a file", async () => {
  const path = `${dir}/once.txt`, other = `${dir}/other.txt`;
  await createFile(path, "one");
  for (const again of [() => createFile(path, "two"), () => moveFile(other, path)]) {
    await Deno.writeTextFile(other, "other");
    const error = await again().catch((error) => error);
    assert.instance(error, Deno.errors.AlreadyExists);
    assert.is(await Deno.readTextFile(path), "one");
  }
  await Deno.remove(path);
  await moveFile(other, path);
  assert.is(await Deno.readTextFile(path), "other");
  await Deno.remove(path);
});

test("createFile() makes all of a file or none: a disk that takes nothing leaves nothing", async () => {
  // A file that may have no bytes is as good as a disk that is full; what the shell ignores, its child does.
  const code = `
    const { createFile, replaceFile } = await import(${
    JSON.stringify(import.meta.resolve("./files.ts"))
  });
    const [made, there] = Deno.args;
    for (const work of [() => createFile(made, "text"), () => replaceFile(there, "text")]) {
      await work().then(() => console.log("written"), (error) => console.log(error.message.split(" (")[0]));
    }`;
  await Deno.writeTextFile(`${dir}/there.txt`, "before");
  const before = await filesBelow(dir);
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      'trap "" XFSZ; ulimit -f 0; exec deno eval --quiet --ext=ts "$@" | cat',
      ...["sh", code, `${dir}/made.txt`, `${dir}/there.txt`],
    ],
    cwd: new URL("../../", import.meta.url),
  }).output();
  const said = new TextDecoder();
  assert.is(said.decode(stdout), "File too large\nFile too large\n", said.decode(stderr));
  assert.equal(await filesBelow(dir), before);
  assert.is(await Deno.readTextFile(`${dir}/there.txt`), "before");
});

test("sweepAside() takes what killed runs left, and nothing that is young or somebody's", async () => {
  const folder = `${dir}/left`, old = new Date(Date.now() - 3_600_000);
  await Deno.mkdir(folder);
  const names = ["attempt.ts", "attempt.ts.0123abcd.tmp", "attempt.ts.zz.tmp", "a.89abcdef.tmp.ts"];
  for (const name of [...names, "young.01234567.tmp"]) {
    await Deno.writeTextFile(`${folder}/${name}`, "");
    if (name !== "young.01234567.tmp") await Deno.utime(`${folder}/${name}`, old, old);
  }
  await sweepAside(folder);
  assert.equal(
    (await filesBelow(folder)).map((path) => path.slice(folder.length + 1)),
    ["attempt.ts", "attempt.ts.zz.tmp", "young.01234567.tmp"],
  );
});

test("textAt() takes the ends of lines and the mark of any editor, and refuses what is no text", async () => {
  const path = `${dir}/text.md`;
  await Deno.writeTextFile(path, "\ufeffone\r\ntwo\r\nthr\ree\n");
  assert.is(await textAt(path), "one\ntwo\nthr\ree\n");
  await Deno.writeFile(path, Uint8Array.of(0x63, 0x61, 0x66, 0xe9));
  const said = (path: string) => textAt(path, "a.md").catch(String);
  assert.is(await said(path), "a.md: error: the file is not UTF-8\n  Save it as UTF-8");
  assert.is(await said(dir), "a.md: error: this is a folder");
  await symlink("nowhere", `${dir}/dangling`);
  assert.is(await said(`${dir}/dangling`), "a.md: error: this link leads nowhere");
  await symlink("loop", `${dir}/loop`);
  assert.match(await said(`${dir}/loop`), /^a\.md: error: too many levels of symbolic links\n/);
  assert.match(await said(`${path}/below`), /^a\.md: error: not a directory\n/);
  assert.instance(
    await textAt(`${dir}/none`).catch((error) => error),
    Deno.errors.NotFound,
  );
});

test("hashOf() has twelve digits, for a text and for lines", () => {
  assert.is(hashOf("x\n"), hashOf(["x"]));
  assert.match(hashOf("x"), /^[0-9a-f]{12}$/);
});

test("ownFolder() goes through no link, to be swept as ours, and makes what is missing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "a link " });
  const old = `${folder}/00-a.0123456789ab.md.ts`;
  const refused = async (path: string, root: string) => {
    try {
      await ownFolder(path, root);
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), "error: this is a link, and we write and sweep only in a folder");
    }
  };
  await Deno.writeTextFile(old, "mine");
  await symlink(".", `${folder}/.woven`);
  await refused(".woven", folder);
  await refused(".woven/beside", folder);
  await refused(`${folder}/.woven`, ".");
  await Deno.mkdir(`${folder}/a project/.woven`, { recursive: true });
  await symlink("../..", `${folder}/a project/.woven/beside`);
  await refused(".woven/beside", `${folder}/a project`);
  assert.is(await Deno.readTextFile(old), "mine");
  await ownFolder(".woven/kernel", `${folder}/a project`);
  assert.ok((await Deno.stat(`${folder}/a project/.woven/kernel`)).isDirectory);
  await Deno.remove(folder, { recursive: true });
});

test.run();
