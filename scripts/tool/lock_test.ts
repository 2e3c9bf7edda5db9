// A lock is nobody's for longer than who holds it is there.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { underLock } from "./lock.ts";

const dir = await Deno.makeTempDir({ prefix: "a lock " });
test.after(() => Deno.remove(dir, { recursive: true }));
const path = `${dir}/below/x.lock`;

test("underLock() does one work after the other", async () => {
  let inside = 0, most = 0;
  await Promise.all(Array.from({ length: 20 }, () =>
    underLock(path, async () => {
      most = Math.max(most, ++inside);
      await Promise.resolve();
      inside--;
    })));
  assert.is(most, 1);
});

test("underLock() lets go when the work fails", async () => {
  await underLock(path, () => Promise.reject(new Error("it fails"))).catch(() => {});
  assert.is(await underLock(path, () => Promise.resolve("done")), "done");
});

test("the lock of a killed run blocks nobody", async () => {
  const holder = new Deno.Command("deno", {
    args: [
      ...["eval", "--quiet"],
      `const file = await Deno.open(${JSON.stringify(path)}, { create: true, write: true });
       await file.lock(true); console.log("held"); await new Promise((done) => setTimeout(done, 60000));`,
    ],
    stdout: "piped",
  }).spawn();
  await holder.stdout.getReader().read();
  const order: string[] = [];
  const waiting = underLock(path, () => Promise.resolve(order.push("worked")));
  await underLock(path, () => Promise.resolve(order.push("without")), 1); // who holds it is not waited for
  holder.kill("SIGKILL");
  await Promise.all([holder.status, waiting]);
  assert.equal(order, ["without", "worked"]);
});

test("where there can be no lock, the work is done all the same", async () => {
  await Deno.writeTextFile(`${dir}/file`, "");
  assert.is(await underLock(`${dir}/file/x.lock`, () => Promise.resolve(1)), 1);
});

test.run();
