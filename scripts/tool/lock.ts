// One run after the other: a lock that ends with who holds it, however they end.

import { dirname } from "@std/path";
import { ownFolder, unlessMissing } from "./files.ts";

/** Somebody who holds it for so long was stopped, and is not waited for. */
const PATIENCE_MS = 10_000, LOOK_MS = 10;

/**
 * Does some work while no other run does its own under the same lock.
 *
 * The system lets go of a lock when its holder ends, so that none is ever stale. Where there can be no lock, or somebody
 * who was stopped holds it for ten seconds, the work is done without: that is worse than waiting, and better than for ever.
 *
 * @param path a file for the lock alone; its folder is made
 * @param patience how long to wait for somebody who was stopped, in milliseconds; for tests
 */
export async function underLock<T>(
  path: string,
  work: () => Promise<T>,
  patience = PATIENCE_MS,
): Promise<T> {
  const file = await open(path);
  try {
    for (let waited = 0; file && waited < patience; waited += LOOK_MS) {
      if (await file.tryLock(true).catch(() => true)) break;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    return await work();
  } finally {
    file?.close();
  }
}

async function open(path: string): Promise<Deno.FsFile | undefined> {
  try {
    await ownFolder(dirname(path));
    return await unlessMissing(Deno.open(path, { create: true, write: true }));
  } catch {
    return undefined;
  }
}
