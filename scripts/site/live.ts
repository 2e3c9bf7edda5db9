// What `learn` knows: the newest site and the newest verdicts, and who wants to hear of the next ones.

import { loadKatas } from "../kata/list.ts";
import { runKata, type Verdict } from "../kata/run.ts";
import { watch } from "../kata/watch.ts";
import { exists, filesBelow, unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import { complain, say } from "../tool/terminal.ts";
import { build } from "./build.ts";
import { page } from "./html.ts";
import { problemPage } from "./problem_page.ts";
import type { News, Served } from "./serve.ts";

/** A verdict, or that there is nothing to judge yet, or that it is being judged. */
type Judged = Verdict | { slug: string; state: "none" | "running" };

const ATTEMPT = /^kata\/\d\d-([^/]+)\/attempt\.ts$/;

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
      const slug = ATTEMPT.exec(path)?.[1];
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

  /** The newest site; where none can be built, as while a file of the simulator does not parse, the one before. */
  async #build(before?: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
    const how = { live: true };
    try {
      const { files, problems } = await build(how);
      complain(...problems.map(String));
      return files;
    } catch (error) {
      const problem = error instanceof Problem
        ? error
        : new Problem("the course could not be built", { remedy: (error as Error).message });
      complain(String(problem));
      const path = "index.html";
      return before ?? new Map([[path, page(problemPage(path, problem), how)]]);
    }
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
    await (this.#files = before.then((files) => this.#build(files)));
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
    if (!await exists(`${kata.dir}/attempt.ts`)) return { slug, state: "none" };
    try {
      return await runKata(kata, "attempt.ts", { signal: running.signal });
    } catch (error) {
      const failure = { test: "starting it", message: String(error), assertion: false, asked: "" };
      return { slug, file: "attempt.ts", state: "broken", passed: 0, total: 0, failure };
    }
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

/** What is below a folder and makes a page or a verdict; what editors leave beside it does not. */
async function filesIn(dir: string): Promise<string[]> {
  const attempts: string[] = []; // whatever is in an attempt's place, a folder as well
  const found = await unlessMissing(filesBelow(dir, (path) => {
    return !(ATTEMPT.test(path) && attempts.push(path));
  })) ?? []; // it may go while we look
  const files = found.filter((path) =>
    /\.(?:md|ts|scene|css)$/.test(path) && !/\/(?:\.|attempt\.\d+\.ts$)[^/]*$/.test(path)
  );
  return [...files, ...attempts];
}
