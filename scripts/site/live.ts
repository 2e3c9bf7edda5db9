// What `learn` knows: the newest site and the newest verdicts, and who wants to hear of the next ones.

import { loadKatas } from "../kata/list.ts";
import { runKata, type Verdict } from "../kata/run.ts";
import { watch } from "../kata/watch.ts";
import { filesBelow, unlessMissing } from "../tool/files.ts";
import { complain, say } from "../tool/terminal.ts";
import { build } from "./build.ts";
import type { News, Served } from "./serve.ts";

/** A verdict, or that there is nothing to judge yet, or that it is being judged. */
type Judged = Verdict | { slug: string; state: "none" | "running" };

/** The course while `learn` runs. */
export class Live implements Served {
  #listeners = new Set<(news: News) => void>();
  #builds = 0;
  #soon = false;
  #files = this.#build();
  #verdicts = new Map<string, Promise<Judged | undefined>>();
  #running = new Map<string, AbortController>();

  files(): Promise<ReadonlyMap<string, string>> {
    return this.#files;
  }

  listen(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#built());
    return () => this.#listeners.delete(listener);
  }

  async verdict(slug: string): Promise<Judged | undefined> {
    const asked = this.#verdicts.get(slug) ?? this.#judge(slug);
    this.#verdicts.set(slug, asked);
    const judged = await asked;
    // A save overtook it: that run was ended, and what it says is worth nothing.
    if (this.#verdicts.get(slug) !== asked) return this.verdict(slug);
    if (!judged) this.#verdicts.delete(slug);
    return judged;
  }

  /** Watches the files and answers each save, for ever. */
  async run(): Promise<void> {
    const { signal } = new AbortController();
    let told = false;
    const silent = (why: string) => {
      if (!told) {
        say(`Changes are looked for every second here, because of the watcher: ${why}`);
      }
      told = true;
    };
    const changed = (path: string) => {
      const slug = /^kata\/\d\d-([^/]+)\/attempt\.ts$/.exec(path)?.[1];
      if (slug) this.#rejudge(slug);
      else this.#rebuildSoon();
    };
    const watched = ["chapters", "kata", "sim", "scripts/site"].map((dir) =>
      watch({ dir, files: noticing(dir, changed), changed, silent, signal })
    );
    await Promise.all([this.#files, ...watched]);
  }

  #tell(news: News) {
    for (const listener of this.#listeners) listener(news);
  }

  #built(): News {
    return { event: "reload", data: { build: this.#builds } };
  }

  async #build(): Promise<ReadonlyMap<string, string>> {
    const { files, problems } = await build({ live: true });
    complain(...problems.map(String));
    return files;
  }

  /** Files that are saved together are one build. */
  #rebuildSoon() {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      this.#rebuild();
    });
  }

  async #rebuild() {
    const before = this.#files;
    // A file that goes while it is read is no problem of the course: what was there stays, until the next save.
    await (this.#files = before.then(() => this.#build()).catch((error) => {
      complain(`error: the course could not be built\n  ${error.message}`);
      return before;
    }));
    this.#builds++;
    this.#tell(this.#built());
    // The suites and the simulator may judge anew.
    for (const slug of this.#verdicts.keys()) this.#rejudge(slug);
  }

  #rejudge(slug: string) {
    const judged = this.#judge(slug);
    this.#verdicts.set(slug, judged);
    this.#tell({ event: "verdict", slug, data: { slug, state: "running" } });
    judged.then((data) => {
      if (this.#verdicts.get(slug) === judged && data) this.#tell({ event: "verdict", slug, data });
    });
  }

  async #judge(slug: string): Promise<Judged | undefined> {
    this.#running.get(slug)?.abort();
    const running = new AbortController();
    this.#running.set(slug, running);
    const kata = (await loadKatas().catch(() => [])).find((kata) => kata.slug === slug);
    if (!kata) return undefined;
    try {
      await Deno.stat(`${kata.dir}/attempt.ts`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { slug, state: "none" };
      throw error;
    }
    return await runKata(kata, "attempt.ts", { signal: running.signal });
  }
}

/** Lists a folder's files for `watch`, which tells what was saved, and tells itself what is gone, or is back as it was. */
function noticing(dir: string, changed: (path: string) => void): () => Promise<string[]> {
  let before = new Set<string>();
  const gone = new Set<string>();
  return async () => {
    const now = new Set(await filesIn(dir));
    const went = before.difference(now), back = gone.intersection(now);
    for (const path of went) gone.add(path);
    for (const path of back) gone.delete(path);
    before = now;
    [...went, ...back].forEach(changed);
    return [...now];
  };
}

/** The files below a folder that make a page or a verdict; what editors leave beside them does not. */
async function filesIn(dir: string): Promise<string[]> {
  const found = await unlessMissing(filesBelow(dir)) ?? []; // it may go while we look
  return found.filter((path) =>
    /\.(?:md|ts|scene|css)$/.test(path) && !/\/(?:\.|attempt\.\d+\.ts$)[^/]*$/.test(path)
  );
}
