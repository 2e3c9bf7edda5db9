// The task `explore`, on files as a person writes them.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { exploreTask } from "./explore.ts";
import { refusal } from "./tool/refusal.ts";

const test = suite("explore task");
const root = new URL("../", import.meta.url);

/** A new folder, with a file of scenes where there is a text. */
async function folderWith(text: string | undefined): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "a race " });
  if (text !== undefined) await Deno.writeTextFile(`${folder}/my race.scene`, text);
  return folder;
}

async function explore(text: string | undefined, ...args: string[]) {
  const folder = await folderWith(text);
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--allow-read",
      "--allow-env=INIT_CWD,COLUMNS",
      "scripts/explore.ts",
      ...args,
    ],
    cwd: root,
    env: { INIT_CWD: folder, NO_COLOR: "1", COLUMNS: "100" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const lost = `=== the device and the fork
# loses: * gr 0 0 -> =1
P0 mmap a 1 priv
P0 w a0 1
P0 pin a0 1 0
race
A: P0 fork P1
B: P0 w a0 5
end
* gr 0 0
`;

test("on one kernel: how many schedules, what came of them, the story of the shortest that loses, how to replay it", async () => {
  const { code, stdout } = await explore(lost, "my race.scene", "--kernel", "mapcount");
  assert.is(
    stdout,
    `=== the device and the fork, mapcount
4 schedules, 2 lose

2 schedules lose: B: P0 w a0 5 -> ok f1 copy; * gr 0 0 -> =1
2 schedules: B: P0 w a0 5 -> ok f0 same; * gr 0 0 -> =5

1 A P0 fork P1: copy_present_pte: may share pfn 1: refcount 2, mapcount 1
2 A a0 of mm 1 shared with mm 2, read-only in both
3 A P0 fork P1 -> ok
4 B P0 w a0 5: do_wp_page (mapcount): copy pfn 1: refcount 3, mapcount 2; pfn 1 copied to pfn 2; 1
    more reference to pfn 1
5 B a0 of mm 1 is pfn 2, writable; what it took is given back
6 B P0 w a0 5: pfn 2 written -> ok f1 copy
It loses: * gr 0 0 -> =1

Replay it:
  deno task explore 'my race.scene' --kernel mapcount --replay AAABBB

`,
  );
  assert.is(code, 0);
});

test("on several kernels: a table; the eras, unless told", async () => {
  const [two, all] = await Promise.all([
    explore(lost, "my race.scene", "--kernel", "5.4.38", "--kernel=5.10.3"),
    explore(lost, "my race.scene"),
  ]);
  assert.is(
    two.stdout,
    `=== the device and the fork
kernel               schedules  losing  shortest
5.4.38 (mapcount)            4       2    AAABBB
5.10.3 (page_count)          4       0

`,
  );
  assert.is(all.stdout.trim().split("\n").length, 9);
});

test("--replay runs one schedule, with every answer", async () => {
  const flags = ["--kernel", "mapcount", "--replay"];
  const [lose, win] = await Promise.all([
    explore(lost, "my race.scene", ...flags, "AA"),
    explore(lost, "my race.scene", ...flags, "BA"),
  ]);
  assert.match(lose.stdout, "  race -> AAABBB\n  A: P0 fork P1 -> ok\n");
  assert.match(lose.stdout, "  * gr 0 0 -> =1\nIt loses: * gr 0 0 -> =1\n");
  assert.match(win.stdout, "  race -> BAAA\n");
  assert.match(win.stdout, "It does not lose.\n");
});

test("at the limit it says that of the rest nothing is known", async () => {
  const { stdout } = await explore(lost, "my race.scene", "--kernel", "mapcount", "--limit", "3");
  assert.match(stdout, "3 schedules, 2 lose\nThe limit of 3 schedules was reached: of the others");
});

test("what is wrong is answered with the place, or with what there is", async () => {
  const file = "my race.scene";
  const cases: [text: string | undefined, args: string[], said: string][] = [
    [lost, [file, "--kernel", "map_count"], "Did you mean mapcount?"],
    [lost, [file, "--kernel", "6.9"], "between 6.8 (ro_longterm) and 6.12"],
    [lost, [file, "--limt", "3"], "Did you mean --limit?"],
    [lost, [file, "--limit", "0"], '--limit wants a whole number, and not "0"'],
    [lost, [file, "--replay", "AB"], "there is no --kernel"],
    [lost, [file, "--kernel", "mapcount", "--replay", "ab"], '--replay takes letters, not "ab"'],
    [
      lost,
      [file, "--kernel", "mapcount", "--replay", "BB"],
      "my race.scene:6: error: the schedule BB cannot be run: step 2, B: B has ended",
    ],
    [
      "P0 mmap a 1 priv\nrace\nA: P0 jump\nend",
      [file],
      'my race.scene:3: error: no operation "jump"',
    ],
    ["P0 r a0\n", [file], "my race.scene:1: error: there is no race in this scene"],
    ["race\nA: P0 r a0\n", [file], "my race.scene:1: error: this race has no end"],
    [undefined, ["none.scene"], "none.scene: error: there is no such file"],
  ];
  for (const [text, args, said] of cases) {
    const folder = await folderWith(text);
    Deno.env.set("INIT_CWD", folder);
    assert.match(await refusal(exploreTask, args), said);
    await Deno.remove(folder, { recursive: true });
  }
  const { code, stdout, stderr } = await explore(undefined);
  assert.equal([code, stdout], [1, ""]);
  assert.match(stderr, "no file of scenes is named");
});

test.run();
