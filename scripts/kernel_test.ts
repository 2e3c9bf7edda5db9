// `deno task kernel` and `deno task evidence` as a person types them, in a project whose path has a blank. The compiler is
// a stand-in that "builds" a probe which answers as the simulator does: no test needs a C compiler or a certain kernel.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fromFileUrl } from "@std/path";
import { evidence } from "./evidence.ts";
import { kernel } from "./kernel.ts";
import { refusal } from "./tool/refusal.ts";

const test = suite("kernel and evidence tasks");
const root = fromFileUrl(new URL("../", import.meta.url));

const SCENES = `=== the pipe
P0 mmap a 1 priv
P0 w a0 1
P0 vms a0 0
P0 w a0 2
* pr 0

=== a page swapped out
P0 mmap a 1 priv
P0 w a0 1
P0 mmap b 1 hugetlb
`;

/** A project with two scenes, and a compiler whose probe gets `args`. */
async function project(...args: string[]): Promise<string> {
  const dir = await Deno.makeTempDir({ prefix: "a kernel " });
  await Deno.mkdir(`${dir}/sim/scenes/recorded`, { recursive: true });
  await Deno.mkdir(`${dir}/scripts/kernel/probe`, { recursive: true });
  await Deno.mkdir(`${dir}/bin`);
  const recorded = "sim/scenes/recorded";
  await Deno.copyFile(`${root}${recorded}/hazards.jsonl`, `${dir}/${recorded}/hazards.jsonl`);
  await Deno.writeTextFile(`${dir}/${recorded}/rules.jsonl`, ""); // named scenes would be among them
  await Deno.writeTextFile(`${dir}/sim/scenes/pipes.scene`, SCENES);
  await Deno.writeTextFile(`${dir}/scripts/kernel/probe/main.c`, "a probe");
  const run = `exec deno run -q --no-check --no-lock -A --config '${root}deno.json' ` +
    `'${root}scripts/kernel/fake_probe.ts' ${args.map((arg) => `'${arg}'`).join(" ")}`;
  const cc = `#!/bin/sh
while [ "$1" != -o ]; do shift; done
printf '%s\\n' '#!/bin/sh' "${run} \\"\\$@\\"" > "$2" && chmod 755 "$2"
`;
  await Deno.writeTextFile(`${dir}/bin/cc`, cc, { mode: 0o755 });
  return dir;
}

async function task(name: string, dir: string, args: string[], env: Record<string, string> = {}) {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const flags = (tasks[name].command as string).split(" ").slice(2, -1);
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      ...flags,
      "--no-check",
      "--no-lock",
      "--config",
      `${root}deno.json`,
      `${root}scripts/${name}.ts`,
      ...args,
    ],
    cwd: dir,
    env: {
      PATH: `${dir}/bin:${Deno.env.get("PATH")}`,
      INIT_CWD: dir,
      NO_COLOR: "1",
      COLUMNS: "200",
      ...env,
    },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

test("a run over all named scenes is told, recorded, and is evidence until something is changed", async () => {
  const dir = await project();
  const first = await task("kernel", dir, ["--random", "20", "--seed", "5"]);
  assert.equal([first.code, first.err], [0, ""], first.err);
  assert.match(first.out, "It changes no setting of this machine");
  assert.match(
    first.out,
    "Linux 6.18.44-fake beside the simulator's 6.18.44 (large_folio), at level frames",
  );
  assert.match(first.out, /named scenes +1 +0 +1\nrandom scenes, seed 5 +\d+ +0 +\d+\n/);
  assert.match(first.out, "1  kernel and simulator: mmap hugetlb");
  assert.match(first.out, "scripts/kernel/records/6.18.44.txt is written.");
  const record = await Deno.readTextFile(`${dir}/scripts/kernel/records/6.18.44.txt`);
  assert.match(record, /^agrees +[0-9a-f]{12} [0-9a-f]{12} the pipe$/m);

  const fresh = await task("evidence", dir, []);
  assert.equal([fresh.code, fresh.err], [0, ""]);
  assert.is(
    fresh.out,
    `scene               6.18.44
the pipe            agrees
a page swapped out  unavailable
`,
  );
  assert.match((await task("evidence", dir, ["pip"])).out, /^scene +6.18.44\nthe pipe +agrees\n$/);

  const changed = SCENES.replace("w a0 2", "w a0 3").replace("swapped out", "gone");
  await Deno.writeTextFile(`${dir}/sim/scenes/pipes.scene`, changed);
  const stale = await task("evidence", dir, []);
  assert.is(stale.code, 1);
  assert.match(stale.out, /the pipe +stale\na page gone +never\na page swapped out +stale\n/);
  assert.match(
    stale.err,
    `scripts/kernel/records/6.18.44.txt: error: "the pipe" is stale: the scene was changed`,
  );
  assert.match(stale.err, "there is no such scene any more");
  await Deno.remove(dir, { recursive: true });
});

test("a difference is made small, shown with both sides, and can be replayed from its file", async () => {
  const dir = await project("--lies", "gr 0");
  await Deno.writeTextFile(
    `${dir}/own.scene`,
    "P0 mmap a 2 priv\nP0 pin a0 2 0\nP0 w a1 7\n* gr 0 1\nP0 exit\n",
  );
  const { code, out } = await task("kernel", dir, ["--scenes", "own.scene"]);
  assert.is(code, 1);
  assert.match(
    out,
    `3 lines that differ in bytes, found in "own"

  operation         kernel  simulator
  P0 mmap a 1 priv  ok      ok
  P0 pin a0 1 0     ok      ok
> * gr 0 0          =99     =0

  deno task kernel --scenes .woven/kernel/differs-1.scene
`,
  );
  assert.match(out, "1 scene differs");
  assert.not.match(out, "records");
  const again = await task("kernel", dir, ["--scenes", ".woven/kernel/differs-1.scene", "--json"]);
  assert.is(again.code, 1);
  await Deno.mkdir(`${dir}/sim/my own`);
  const deep = { INIT_CWD: `${dir}/sim/my own` };
  const elsewhere = await task("kernel", dir, ["--scenes", "../../own.scene"], deep);
  assert.match(elsewhere.out, "deno task kernel --scenes ../../.woven/kernel/differs-1.scene\n");
  const { named, differences, against, level } = JSON.parse(again.out);
  assert.equal([named.differs, against, level], [1, "6.18.44", "frames"]);
  assert.equal(differences[0].lines, ["P0 mmap a 1 priv", "P0 pin a0 1 0", "* gr 0 0"]);
  await Deno.remove(dir, { recursive: true });
});

test("--every replays every program of a length, whole or in parts; the shortest difference is shown", async () => {
  const [honest, liar] = [await project(), await project("--lies", "gr 0")];
  const whole = await task("kernel", honest, ["--every", "2"]);
  assert.equal([whole.code, whole.err], [0, ""]);
  assert.match(whole.out, /programs of 2 operations +103 +0 +0\n/);
  assert.match(whole.out, /103 programs in \d+ s\.\n\n.*\n\nall agree\n$/);
  const part = await task("kernel", honest, ["--every", "2", "--shard", "2/4", "--json"]);
  const { agrees, every, shard, level } = JSON.parse(part.out);
  assert.equal([agrees, every, shard, level], [
    26,
    { operations: 2, settings: false },
    { nth: 2, of: 4 },
    "frames",
  ]);
  assert.match(whole.out, "6.18.44.txt is left as it is: it is not there: replay the named scenes");
  await task("kernel", honest, ["--random", "0"]);
  const kept = await task("kernel", honest, ["--every", "2"]);
  assert.match(kept.out, "scripts/kernel/records/6.18.44.txt is written.");
  const said = (await task("evidence", honest, [])).out;
  assert.match(said, /\nAll 103 programs of 2 operations agree on 6\.18\.44, \d{4}-\d\d-\d\d\.\n$/);
  const { code, out } = await task("kernel", liar, ["--every", "2"]);
  assert.is(code, 1);
  assert.match(
    out,
    /3 lines that differ in bytes, found in "program 2:\d+" and \d+ more\n.*\n +operation/,
  );
  assert.match(out, "> * gr 0 0          =99     =0");
  assert.match(out, /\d+ programs differ\n$/);
  for (const dir of [honest, liar]) await Deno.remove(dir, { recursive: true });
});

test("a count that no page table decides may be what it is, and is told", async () => {
  const scene =
    "P0 mmap a 1 priv\nP0 w a0 1\nP0 fork P1\nP1 exit\nP0 r a0\nP0 pin a0 1 0\nP0 w a0 2\n";
  for (const probe of [[], ["--stale"]]) {
    const dir = await project(...probe);
    await Deno.writeTextFile(`${dir}/own.scene`, scene);
    const { code, out } = await task("kernel", dir, ["--scenes", "own.scene"]);
    assert.is(code, 0, out);
    assert.match(out, "1 count not decided: a translation that x86 may still hold");
    assert.match(out, "all agree");
    await Deno.remove(dir, { recursive: true });
  }
});

test("the level is what the probe sees, or less; another kernel or level is not recorded", async () => {
  const dir = await project("--header", "# release=6.9.1-x arch=y frames=no faults=yes");
  const options = ["--random", "0"];
  const [all, fewer, other] = [
    await task("kernel", dir, options),
    await task("kernel", dir, [...options, "--level", "bytes"]),
    await task("kernel", dir, [...options, "--kernel", "5.4.38"]),
  ];
  assert.match(
    all.out.replaceAll(/\s+/g, " "),
    "beside the simulator's 6.9.1-x (ro_longterm), at level faults",
  );
  assert.match(all.out, "Why that one: nothing is known of 6.9.1");
  assert.match(all.out, "records/6.9.1-x.txt is written");
  assert.match(fewer.out, "at level bytes");
  assert.match(other.out, "5.4.38 (mapcount)");
  for (const { out } of [fewer, other]) assert.not.match(out, "records/");
  const { code, err } = await task("kernel", dir, ["--level", "frames"]);
  assert.is(code, 1);
  assert.match(err, "error: the probe does not see frames here, it sees faults");
  await Deno.remove(dir, { recursive: true });
});

test("what a killed run had changed is restored first", async () => {
  const dir = await project();
  await Deno.mkdir(`${dir}/.woven/kernel`, { recursive: true });
  await Deno.writeTextFile(`${dir}/.woven/kernel/state`, "set");
  const { out } = await task("kernel", dir, ["--random", "0", "--no-record"]);
  assert.match(out, "What a killed run had changed is restored.");
  assert.not.match(out, "records/");
  assert.not(
    (await Array.fromAsync(Deno.readDir(`${dir}/.woven/kernel`))).some(({ name }) =>
      name === "state"
    ),
  );
  await Deno.remove(dir, { recursive: true });
});

test("what is wrong is answered with the place, or with what there is", async () => {
  const dir = await project();
  await Deno.writeTextFile(`${dir}/bad.scene`, "P0 mmap a 1 priv\n\nP0 jump\n");
  const cases: [args: string[], said: string][] = [
    [["--rnadom", "5"], "Did you mean --random?"],
    [["--random", "many"], '--random wants a whole number, and not "many"'],
    [["--level", "frame"], "Did you mean frames?"],
    [["--without", "kms"], "Did you mean ksm?"],
    [["--every", "0"], '--every wants a whole number, and not "0"'],
    [["--every", "2", "--random", "5"], "--every and --random do not go together"],
    [["--shard", "1/2"], "deno task kernel --every 5 --shard 1/2"],
    [["--every", "2", "--shard", "3/2"], '--shard wants a part such as 1/4, and not "3/2"'],
    [["x.scene"], "deno task kernel --scenes x.scene"],
    [["--scenes", "x.scene"], "x.scene: error: there is no such file"],
    [["--scenes"], "--scenes wants files"],
  ];
  Deno.env.set("INIT_CWD", dir);
  Deno.chdir(dir);
  for (const [args, said] of cases) assert.match(await refusal(kernel, args), said);
  assert.match(await refusal(evidence, ["--hepl"]), "Did you mean --help?");
  Deno.chdir(root);
  const withProbe: [args: string[], said: string][] = [
    [["--kernel", "map_count"], 'there is no kernel "map_count"\n  Did you mean mapcount?'],
    [["--kernel", "6.10"], "nothing is known of 6.10, between 6.8 (ro_longterm) and 6.12"],
    [["--scenes", "bad.scene"], 'bad.scene:3: error: no operation "jump"'],
  ];
  for (const [args, said] of withProbe) {
    const { code, err } = await task("kernel", dir, args);
    assert.match(err, said);
    assert.is(code, 1, said);
  }
  const missing = await task("kernel", dir, [], { CC: "no-such-cc" });
  assert.match(missing.err, "error: there is no C compiler: no-such-cc is not on your PATH");
  assert.match(missing.err, "apt install gcc");
  await Deno.copyFile(`${dir}/bin/cc`, `${dir}/bin/zcc`);
  const strange = await task("kernel", dir, [], { CC: "zcc" });
  assert.match(strange.err, "this task may run cc, gcc, clang, tcc, musl-gcc and not zcc");
  await Deno.writeTextFile(`${dir}/sim/scenes/again.scene`, SCENES);
  assert.match(
    (await task("evidence", dir, [])).err,
    /pipes.scene:2: error: there are two scenes named "the pipe"/,
  );
  await Deno.remove(dir, { recursive: true });
});

test("a compiler that makes nothing, or what cannot be run here, is told with what to do", async () => {
  const dir = await project();
  const cc = `${dir}/bin/cc`, made = ".woven/kernel/probe";
  const said = async (script: string) => {
    await Deno.writeTextFile(cc, `#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n${script}\n`);
    const { code, err } = await task("kernel", dir, []);
    assert.is(code, 1);
    return err;
  };
  const nothing = `${made}: error: cc says that it built the probe, and made nothing\n  Is it a`;
  assert.match(await said("true"), nothing);
  const denied = await said('echo x > "$2"; chmod 644 "$2"');
  assert.match(denied, `${made}: error: the probe was built and cannot be run\n  The system says`);
  assert.match(denied, "mounted noexec");
  const rebuilt = () => Deno.remove(`${dir}/${made}.key`);
  await rebuilt();
  assert.match(await said("true"), nothing, "what an earlier compiler made is not taken for it");
  const silent = await said('printf "#!/bin/sh\\n" > "$2"; chmod 755 "$2"');
  assert.match(
    silent,
    `${made}: error: the probe ended at once\n  Its exit status was 0.\n  Remove`,
  );
});

test("records, scenes and the probe's source are the same with the ends of lines of Windows", async () => {
  const dir = await project();
  assert.is((await task("kernel", dir, ["--random", "0"])).code, 0);
  assert.is((await task("evidence", dir, [])).code, 0);
  const record = (await Array.fromAsync(Deno.readDir(`${dir}/scripts/kernel/records`)))[0]!.name;
  const paths = ["sim/scenes/pipes.scene", "scripts/kernel/probe/main.c"];
  for (const path of [...paths, `scripts/kernel/records/${record}`]) {
    const text = await Deno.readTextFile(`${dir}/${path}`);
    await Deno.writeTextFile(`${dir}/${path}`, text.replaceAll("\n", "\r\n"));
  }
  const { code, err } = await task("evidence", dir, []);
  assert.equal([code, err], [0, ""]);
});

test("--help answers without a compiler, and fits", async () => {
  const dir = await project();
  for (const name of ["kernel", "evidence"]) {
    const { code, out } = await task(name, dir, ["--help"], { COLUMNS: "80" });
    assert.is(code, 0);
    assert.match(out, `deno task ${name}`);
    assert.ok(out.split("\n").every((line) => line.length <= 80), out);
  }
  await Deno.remove(dir, { recursive: true });
});

if (Deno.build.os === "linux") test.run();
