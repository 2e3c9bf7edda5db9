// Processes that share two pages, put them into pipes and have devices pin them, and KSM, which merges them: what each must
// read, and what a pipe may show. Private memory, said without counts, for suites that go through many orders. As
// expect.ts, for every host.

import {
  FOLL_WRITE,
  type Frame,
  KernelBug,
  type Lab,
  MADV_PAGEOUT,
  PAGE_SIZE,
  type Pid,
} from "sim";
import { holds } from "./expect.ts";

export type Page = "a" | "b";
export const PAGES: readonly Page[] = ["a", "b"];

/** Where the two pages are mapped, in every process. */
export const A = 0x7000, B = A + PAGE_SIZE;
export const at = (page: Page) => page === "a" ? A : B;
const where = (page: Page) => `0x${at(page).toString(16)}`;

/** A page in a pipe: who put it there, what it held then, and whether it was nobody else's. */
interface Piece {
  readonly pipe: string;
  readonly pid: Pid;
  readonly page: Page;
  readonly text: string;
  /** What its process wrote since. */
  readonly since: string[];
  /** Nobody has shared the page since it was last written, up to now. */
  own: boolean;
}

/** A page that a device has pinned, and what its process wrote last. */
interface Pin {
  readonly holder: string;
  readonly pid: Pid;
  readonly page: Page;
  text: string;
}

/** Processes 1 to 3, as far as they have been born; what one of them cannot do is nothing. */
export class Family {
  readonly m: Lab;
  /** By process and page, `1a`. */
  readonly #texts = new Map<string, string>();
  /** Which of them are their process's own: nobody else has shared them since they were written. */
  readonly #own = new Set<string>();
  readonly #pieces: Piece[] = [];
  readonly #pins: Pin[] = [];

  /** @param pids those who live, each with "old" in both pages */
  constructor(m: Lab, pids: readonly Pid[]) {
    this.m = m;
    for (const pid of pids) for (const page of PAGES) this.#texts.set(pid + page, "old");
  }

  lives(pid: Pid): boolean {
    return this.m.state.tasks.has(pid);
  }

  store(pid: Pid, page: Page, text: string): void {
    if (!this.#texts.has(pid + page)) return;
    this.m.store(pid, at(page), text);
    this.#texts.set(pid + page, text);
    this.#own.add(pid + page);
    for (const piece of this.#pieces) {
      if (piece.pid === pid && piece.page === page) piece.since.push(text);
    }
    for (const pin of this.#pins) if (pin.pid === pid && pin.page === page) pin.text = text;
  }

  load(pid: Pid, page: Page): void {
    const wanted = this.#texts.get(pid + page);
    if (wanted === undefined) return;
    const read = this.m.string(pid, at(page));
    const hint = `pid ${pid} reads "${read}" at ${where(page)}, not "${wanted}"`;
    holds(this.m, read === wanted, `${hint}: it has been given a page that another writes to`);
  }

  pageout(pid: Pid): void {
    if (!this.lives(pid)) return;
    for (const page of PAGES) {
      if (this.#texts.has(pid + page)) this.m.madvise(pid, at(page), 1, MADV_PAGEOUT);
    }
  }

  fork(pid: Pid): void {
    if (!this.lives(pid) || this.m.state.nextPid > 3) return;
    const child = this.m.fork(pid);
    for (const page of PAGES) {
      const text = this.#texts.get(pid + page);
      if (text === undefined) continue;
      this.#texts.set(child + page, text);
      this.#own.delete(pid + page);
      for (const piece of this.#pieces) {
        if (piece.pid === pid && piece.page === page) piece.own = false;
      }
    }
  }

  splice(pid: Pid, page: Page): void {
    const text = this.#texts.get(pid + page), pipe = `pipe ${this.#pieces.length + 1}`;
    if (text === undefined) return;
    this.m.vmsplice(pid, at(page), pipe);
    this.#pieces.push({ pipe, pid, page, text, since: [], own: this.#own.has(pid + page) });
  }

  /** A device pins a page, to read it or to write to it. */
  pin(pid: Pid, page: Page, gup_flags: 0 | typeof FOLL_WRITE): void {
    const text = this.#texts.get(pid + page), holder = `device ${this.#pins.length + 1}`;
    if (text === undefined) return;
    this.m.pin_user_pages(pid, at(page), 1, gup_flags, holder);
    this.#pins.push({ holder, pid, page, text });
  }

  /** KSM scans until what keeps still is merged. */
  scan(): void {
    for (let scan = 1; scan <= 2; scan++) {
      const before = [...this.#own].map((key) => [key, this.#frame(key)?.pfn] as const);
      try {
        this.m.ksmScan();
      } catch (error) {
        if (!(error instanceof KernelBug)) throw error;
        holds(this.m, false, `the kernel stops while KSM scans: ${error.message}`);
      }
      for (const [key, pfn] of before) {
        const now = this.#frame(key);
        // Who was given a merged frame shares it, with others who map it or refer to it.
        if (now && (now.mapcount > 1 || now.pfn !== pfn && now.kind === "ksm")) {
          this.#own.delete(key);
        }
      }
    }
  }

  /** The frame behind a page that is there. */
  #frame(key: string): Frame | undefined {
    if (!this.#texts.has(key)) return;
    const pte = this.m.pte(this.m.mm(Number(key[0])), at(key[1] as Page));
    return pte && this.m.page(pte.pfn);
  }

  unmap(pid: Pid, page: Page): void {
    if (!this.#texts.delete(pid + page)) return;
    this.m.munmap(pid, at(page));
  }

  exit(pid: Pid): void {
    if (!this.lives(pid)) return;
    this.m.exit(pid);
    for (const page of PAGES) this.#texts.delete(pid + page);
  }

  /** Everybody reads, and every pipe is emptied, and every device looked into. */
  looksBack(): void {
    for (const key of [...this.#texts.keys()]) this.load(Number(key[0]), key[1] as Page);
    for (const { pipe, pid, page, text, since, own } of this.#pieces) {
      const read = this.m.pipeRead(pipe)!;
      const shows = `${pipe}, filled by pid ${pid} with "${text}", shows "${read}"`;
      const known = read === text || since.includes(read);
      holds(this.m, known, `${shows}, which is another's: a secret leaks`);
      const last = since.at(-1) ?? text, there = `pid ${pid} reads "${last}" at ${where(page)}`;
      const lost =
        `${pipe} shows "${read}", and ${there}, which nobody has shared: a write is lost`;
      holds(this.m, !own || read === last, lost);
    }
    for (const { holder, pid, page, text } of this.#pins) {
      const read = this.m.deviceRead(holder), wrote = `pid ${pid} has "${text}" at ${where(page)}`;
      const hint =
        `${holder} reads "${read}", and ${wrote}: it was parted from the page that it pinned`;
      holds(this.m, read === text, hint);
    }
  }
}
