// Saves are noticed once, however an editor saves, and also where the system's watcher says nothing.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { join } from "@std/path";
import { watch, type WatchOptions } from "./watch.ts";

const deaf = (): Deno.FsWatcher =>
  ({
    close() {},
    async *[Symbol.asyncIterator]() {},
  }) as unknown as Deno.FsWatcher;

/** Saves in one go: no look falls between emptying the file and writing it, which are two changes to who looks then. */
const save = (path: string, text: string) => Deno.writeTextFileSync(path, text);

/** Watches one file in a new folder while `act` works on it, until `count` changes came. */
async function changes(
  count: number,
  act: (path: string, seen: () => Promise<void>) => Promise<void>,
  options: Pick<WatchOptions, "watcher" | "gone"> = {},
): Promise<{ seen: string[]; said: string[] }> {
  const dir = await Deno.makeTempDir({ prefix: "pinned watch " });
  const path = join(dir, "attempt.ts");
  await Deno.writeTextFile(path, "0");
  const stop = new AbortController();
  const seen: string[] = [], said: string[] = [];
  const looked = Promise.withResolvers<void>();
  let next = Promise.withResolvers<void>();
  const files = function* () {
    yield path;
    looked.resolve(); // whoever asks for more has looked at that one
  };
  const watching = watch({
    dir,
    files: () => Promise.resolve(files()),
    changed(changed) {
      assert.is(changed, path);
      seen.push(Deno.readTextFileSync(path));
      if (seen.length === count) stop.abort();
      next.resolve();
      next = Promise.withResolvers();
    },
    silent: (why) => said.push(why),
    signal: stop.signal,
    ...options,
  });
  await looked.promise;
  await act(path, () => next.promise);
  await watching;
  await Deno.remove(dir, { recursive: true });
  return { seen, said };
}

test("a save is noticed, and so is the next", async () => {
  const { seen, said } = await changes(2, async (path, saved) => {
    const first = saved();
    save(path, "first");
    await first;
    save(path, "second");
  });
  assert.equal([seen, said], [["first", "second"], []]);
});

test("an editor that writes aside and renames is one save", async () => {
  const { seen } = await changes(2, async (path, saved) => {
    for (const text of ["first", "second"]) {
      const next = saved();
      await Deno.remove(path);
      await Deno.writeTextFile(`${path}.swp`, text);
      await Deno.rename(`${path}.swp`, path);
      if (text === "first") await next;
    }
  });
  assert.equal(seen, ["first", "second"]);
});

test("a file that goes is told once, and its coming back is a save, though it is as it was", async () => {
  const gone = Promise.withResolvers<void>();
  const told: string[] = [];
  const { seen, said } = await changes(1, async (path) => {
    await Deno.rename(path, `${path}.away`);
    await gone.promise;
    await Deno.rename(`${path}.away`, path);
  }, {
    gone(path) {
      told.push(path);
      gone.resolve();
    },
  });
  assert.equal([seen, said, told.length], [["0"], [], 1]);
});

test("a watcher that says nothing is replaced by looking, and that is said once", async () => {
  const { seen, said } = await changes(2, async (path, saved) => {
    const first = saved();
    save(path, "first");
    await first;
    save(path, "second");
  }, { watcher: deaf });
  assert.equal([seen, said], [["first", "second"], ["it does not report changes here"]]);
});

test("a watcher that cannot start is replaced at once", async () => {
  const { seen, said } = await changes(1, (path) => Promise.resolve(save(path, "first")), {
    watcher() {
      throw new Error("no space left on device (os error 28)");
    },
  });
  assert.equal([seen, said], [["first"], ["no space left on device (os error 28)"]]);
});

test.run();
