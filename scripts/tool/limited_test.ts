import { test } from "uvu";
import * as assert from "uvu/assert";
import { assertStarted, limitedDeno, ranOut } from "./limited.ts";

/** Runs a program with one second of processor time. */
async function run(program: string): Promise<Deno.CommandStatus> {
  const flags = ["run", "--quiet", "--no-prompt", "--no-config"];
  const child = limitedDeno(1, [...flags, `data:text/javascript,${encodeURIComponent(program)}`], {
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return await child.status;
}

test("a child that works on and on is stopped when its processor time is used up", async () => {
  assert.ok(ranOut(await run("for (;;);")));
});

test("a child that sleeps for longer than that is not", async () => {
  const status = await run("await new Promise((end) => setTimeout(end, 1_500)); Deno.exit(7);");
  assert.equal([status.code, ranOut(status)], [7, false]);
});

test("a child that listens for the signal, and works on, is stopped a second later", async () => {
  const status = await run(`Deno.addSignalListener("SIGXCPU", () => {}); for (;;);`);
  assert.equal([status.success, ranOut(status)], [false, true]);
});

test("a shell that finds no deno is told with what to do", async () => {
  const { code } = await new Deno.Command("sh", {
    args: ["-c", "PATH=/nowhere; exec deno"],
    stderr: "null",
  }).output();
  assert.throws(
    () => assertStarted({ success: false, code, signal: null }),
    /there is no `deno` on the PATH/,
  );
});

test.run();
