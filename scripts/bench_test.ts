// The task `bench`, as far as it goes without a compiler: what the machine takes, and how it is called.
import { suite } from "uvu";
import * as assert from "uvu/assert";

const test = suite("bench task");

/** Runs the task, or a program in its place. */
async function bench(args: string[], { CC = "", script = "scripts/bench.ts" } = {}) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ..."run -q --no-prompt --no-check --allow-read=. --allow-write=.woven --allow-run=bash --allow-env"
        .split(
          " ",
        ),
      ...["--config", "deno.json", script, ...args],
    ],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1", CC },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

test("without a compiler the kernel is left out, and what needs none is measured", async () => {
  const once = `import { bench } from ${JSON.stringify(import.meta.resolve("./bench.ts"))};
Deno.exit(await bench(Deno.args, { rounds: 1, warmUp: 0 }));`;
  const script = `data:text/javascript,${encodeURIComponent(once)}`;
  const { code, stdout } = await bench(["machine"], { CC: "no such compiler", script });
  const [first, second, third, ...more] = stdout.trim().split("\n");
  assert.is(
    first,
    "there is no C compiler (no such compiler): nothing is compared with the kernel",
  );
  assert.match(second!, /^mmap and munmap of 1 TiB, untouched: \d+\.\d\d of those of one page, /);
  assert.match(third!, /^a step of a race, explored with the invariants checked: \d+\.\d\d µs, /);
  assert.equal(more, []);
  assert.is(code, 0);
});

test("a part that there is not is answered with the nearest", async () => {
  const { code, stderr } = await bench(["machin"]);
  assert.match(stderr, `error: there is no part "machin"`);
  assert.match(stderr, "Did you mean machine?");
  assert.is(code, 1);
});

test.run();
