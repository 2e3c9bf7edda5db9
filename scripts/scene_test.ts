// The task `scene`, on files as a person writes them.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scene as sceneTask } from "./scene.ts";
import { refusal } from "./tool/refusal.ts";

const test = suite("scene task");
const root = new URL("../", import.meta.url);

/** A new folder, with a file of scenes where there is a text. */
async function folderWith(text: string | undefined): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "a scene " });
  if (text !== undefined) await Deno.writeTextFile(`${folder}/one.scene`, text);
  return folder;
}

async function scene(text: string | undefined, ...args: string[]) {
  const folder = await folderWith(text);
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--allow-read",
      "--allow-env=INIT_CWD,COLUMNS",
      "scripts/scene.ts",
      ...args,
    ],
    cwd: root,
    env: { INIT_CWD: folder, NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const leak = `=== the pipe
P0 mmap a 1 priv
P0 w a0 1
P0 fork P1
P1 vms a0 0
P1 munmap a0 1
P0 w a0 42
* pr 0
`;

test("a scene is answered line by line, by a release or by an era", async () => {
  const [old, now] = await Promise.all([
    scene(leak, "one.scene", "--kernel", "5.4.38"),
    scene(leak, "one.scene", "--kernel", "anon_exclusive"),
  ]);
  assert.is(
    old.stdout,
    [
      "=== the pipe",
      "P0 mmap a 1 priv -> ok",
      "P0 w a0 1 -> ok f1 new",
      "P0 fork P1 -> ok",
      "P1 vms a0 0 -> ok",
      "P1 munmap a0 1 -> ok",
      "P0 w a0 42 -> ok f1 same",
      "* pr 0 -> =42\n",
    ].join("\n"),
  );
  assert.match(now.stdout, "P0 w a0 42 -> ok f1 copy\n* pr 0 -> =1\n");
  assert.equal([old.code, now.code], [0, 0]);
});

test("what is wrong is answered with the place, or with what there is", async () => {
  const cases: [text: string | undefined, args: string[], said: string][] = [
    [
      "=== x\nP0 jump\n",
      ["one.scene", "--kernel", "5.4.38"],
      'one.scene:2: error: no operation "jump"',
    ],
    [leak, ["one.scene", "--kernel", "map_count"], "Did you mean mapcount?"],
    [leak, ["one.scene"], "no kernel is named"],
    [undefined, ["one.scene", "--kernel", "5.4.38"], "one.scene: error: there is no such file"],
    [leak, ["one.scene", "--kernle", "x"], "there is no option --kernle"],
  ];
  for (const [text, args, said] of cases) {
    const folder = await folderWith(text);
    Deno.env.set("INIT_CWD", folder);
    assert.match(await refusal(sceneTask, args), said);
    await Deno.remove(folder, { recursive: true });
  }
  const { code, stdout, stderr } = await scene(undefined);
  assert.equal([code, stdout], [1, ""]);
  assert.match(stderr, "no file of scenes is named");
});

test.run();
