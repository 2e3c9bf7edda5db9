// Notices that a file was saved. The system's watcher only says when to look; what changed is decided by comparing
// stamps, so an editor that renames, truncates or writes twice is one change. A slow look of our own finds what the
// watcher does not report, as on network file systems and shared folders; then it takes over, and says so.

/** How long after the watcher's last word to look, in milliseconds: editors write in several steps. */
const SETTLE_MS = 20;
/** How often to look while the watcher works, and once it has turned out to be silent. */
const CHECK_MS = 1_000, POLL_MS = 250;
/** A change that the watcher has not reported after so long, it will not report; a file that is gone so long, is gone. */
const PATIENCE_MS = 200;

export interface WatchOptions {
  /** The folder to watch, recursively. */
  dir: string;
  /** The files that count, as they are now. */
  files: () => Promise<Iterable<string>>;
  /** Told every file that was saved, after each has settled. */
  changed: (path: string) => void;
  /** Told every file that was there and no longer is. */
  gone?: (path: string) => void;
  /** Told once when the system's watcher cannot be relied on, and why. */
  silent: (why: string) => void;
  signal: AbortSignal;
  /** For tests: how to start the system's watcher. */
  watcher?: (dir: string) => Deno.FsWatcher;
}

/** Watches until the signal; resolves then. */
export async function watch(options: WatchOptions): Promise<void> {
  const { dir, files, changed, signal } = options;
  const stamps = new Map<string, string>(), missing = new Map<string, number>();
  let heard = 0, silent = false, looked: Promise<string[]> = Promise.resolve([]);

  const look = async (): Promise<string[]> => {
    const saved: string[] = [];
    for (const path of await files()) {
      const stamp = await stampOf(path);
      if (stamp === undefined) {
        if (stamps.has(path)) miss(path);
        continue;
      }
      missing.delete(path);
      if (stamps.get(path) === stamp) continue;
      stamps.set(path, stamp);
      saved.push(path);
    }
    return saved;
  };
  // While an editor renames, the file is gone for a moment: it is looked at again when it is back.
  const miss = (path: string) => {
    const since = missing.get(path) ?? performance.now();
    missing.set(path, since);
    if (performance.now() - since < PATIENCE_MS || signal.aborted) return;
    missing.delete(path);
    stamps.delete(path);
    options.gone?.(path);
  };
  // One look after the other: two at a time would both report the same change.
  const lookAlone = () => looked = looked.then(look);
  const tell = async () => (await lookAlone()).forEach(changed);

  const giveUp = (why: string) => {
    if (silent || signal.aborted) return;
    silent = true;
    options.silent(why);
  };
  let system: Deno.FsWatcher | undefined;
  try {
    system = (options.watcher ?? ((dir) => Deno.watchFs(dir)))(dir);
    signal.addEventListener("abort", () => close(system!));
  } catch (error) {
    giveUp((error as Error).message.split("\n")[0]!);
  }
  // Only now, since a save between a look and the watcher would be reported by neither in time.
  await lookAlone();
  let settling: ReturnType<typeof setTimeout> | undefined;
  const listening = (async () => {
    if (!system) return;
    try {
      for await (const event of system) {
        if (event.kind === "access") continue;
        heard = performance.now();
        clearTimeout(settling);
        settling = setTimeout(tell, SETTLE_MS);
      }
    } catch (error) {
      giveUp((error as Error).message.split("\n")[0]!);
    }
  })();

  while (!signal.aborted) {
    await sleep(silent ? POLL_MS : CHECK_MS, signal);
    if (signal.aborted) break;
    const before = performance.now();
    const found = await lookAlone();
    if (found.length > 0 && !silent) {
      await sleep(PATIENCE_MS, signal);
      if (heard < before - CHECK_MS) giveUp("it does not report changes here");
    }
    if (!signal.aborted) found.forEach(changed);
  }
  clearTimeout(settling);
  await listening;
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { mtime, size, ino } = await Deno.stat(path);
    return `${mtime?.getTime()} ${size} ${ino}`;
  } catch {
    return undefined;
  }
}

function close(system: Deno.FsWatcher): void {
  try {
    system.close();
  } catch {
    // It has ended by itself.
  }
}

/** Sleeps, or wakes up early on the signal. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  return promise;
}
