import { test } from "uvu";
import * as assert from "uvu/assert";
import { assertStarted, type Limits, ranOut, startLimited } from "./limited.ts";
import { root } from "../notebook/files.ts";

const FLAGS = ["run", "--quiet", "--no-prompt", "--no-config", "-"];

/** Runs a program with one second of processor time; gives its status and what it said. */
async function run(program: string, limits: Partial<Limits> = {}): Promise<[number, string]> {
  const child = startLimited({ cpuSeconds: 1, ...limits }, FLAGS, program);
  const said = Promise.all([child.stdout, child.stderr].map((out) => new Response(out).text()));
  return [await child.status, (await said).join("")];
}

test("a child that works on and on is stopped when its processor time is used up", async () => {
  assert.ok(ranOut((await run("for (;;);"))[0]));
});

test("a child that sleeps for longer than that is not", async () => {
  const [status] = await run("await new Promise((end) => setTimeout(end, 1_500)); Deno.exit(7);");
  assert.equal([status, ranOut(status)], [7, false]);
});

test("a child that listens for the signal, and works on, is stopped a second later", async () => {
  const [status] = await run(`Deno.addSignalListener("SIGXCPU", () => {}); for (;;);`);
  assert.ok(ranOut(status));
});

test("a child is told all of its program, however long", async () => {
  const long = `/* ${"é".repeat(300_000)} */ console.log("read");`;
  assert.equal(await run(long), [0, "read\n"]);
});

test("a child that takes too much memory outside of the heap is refused, and one that takes some is not", async () => {
  const takes = (mb: number) =>
    `const kept = [];
for (let i = 0; i < ${mb / 50}; i++) kept.push(new Uint8Array(50e6).fill(1));
console.log(kept.length);`;
  const limits = { cpuSeconds: 10, memoryMb: 600 };
  assert.equal(await run(takes(200), limits), [0, "4\n"]);
  const [status, said] = await run(takes(2_000), limits);
  assert.is(status, 1);
  assert.match(said, "RangeError: Array buffer allocation failed");
});

test("a shell that finds no deno is told with what to do", async () => {
  const { code } = await new Deno.Command("sh", {
    args: ["-c", "PATH=/nowhere; exec deno"],
    stderr: "null",
  }).output();
  assert.throws(() => assertStarted(code), /there is no `deno` on the PATH/);
});

const shell = async (script: string): Promise<boolean> =>
  (await new Deno.Command("sh", { args: ["-c", script], stderr: "null" }).output()).success;

for (const signal of ["KILL", "TERM", "HUP", "INT"]) {
  test(`a child that loops ends when its parent ends by ${signal}`, async () => {
    const looks = 3_000;
    const parent = new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", "--allow-run=sh,deno", "-"],
      cwd: root,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = parent.stdin.getWriter();
    await writer.write(new TextEncoder().encode(`
import { startLimited } from "./scripts/tool/limited.ts";
const child = startLimited({ cpuSeconds: 60 }, ${
      JSON.stringify(FLAGS)
    }, "console.log(Deno.pid); for (;;);");
for await (const chunk of child.stdout) await Deno.stdout.write(chunk);
`));
    await writer.close();
    const reader = parent.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const pid = Number((await reader.read()).value);
    assert.ok(pid > 0 && await shell(`kill -0 ${pid}`));
    assert.ok(await shell(`kill -${signal} ${parent.pid}`));
    await parent.status;
    let look = 0;
    while (look < looks && await shell(`kill -0 ${pid}`)) {
      look++;
      await new Promise((next) => setTimeout(next, 10));
    }
    assert.ok(look < looks, `the child ${pid} is still there`);
  });
}

test.run();
