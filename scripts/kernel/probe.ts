// The probe: a small C program, built with the user's own compiler, that does what a scene says on the kernel that runs.
// It is started once; scenes go in and answers come out at the same time, so that nobody waits for the other.

import { Problem } from "../tool/problem.ts";
import { CACHE, cannotRun } from "./build.ts";
import { type Header, parseHeader } from "./header.ts";

/** A scene on its way to the probe. */
interface Asked {
  readonly name: string;
  readonly lines: readonly string[];
  readonly answers: string[];
  done(answers: string[]): void;
  failed(why: unknown): void;
}

/** The last resort, by the clock, in milliseconds: the probe itself waits a minute for a process. */
const LIMIT_MS = 300_000;

/** A probe that runs. */
export class Probe {
  /** What it said of itself. */
  header!: Header;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #asked: Asked[] = [];
  readonly #notes: string[] = [];
  readonly #read: Promise<void>;
  readonly #stderr: Promise<string>;
  /** Has the scene in front been named by the probe? */
  #begun = false;
  #started = false;
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #program: string;
  readonly #limit: number;

  private constructor(program: string, args: readonly string[], limit: number) {
    this.#program = program;
    this.#limit = limit;
    try {
      this.#child = new Deno.Command(program, {
        args: [...args],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      throw cannotRun(program, error);
    }
    this.#input = this.#child.stdin.getWriter();
    this.#stderr = new Response(this.#child.stderr).text();
    this.#read = this.#listen();
  }

  /** Starts a probe and hears what it says of itself; one that is silent for `limit` milliseconds is stopped. */
  static async start(
    program: string,
    args: readonly string[],
    limit = LIMIT_MS,
  ): Promise<Probe> {
    const probe = new Probe(program, args, limit);
    try {
      await probe.replay([{ name: "begin", lines: [] }]);
      probe.header = parseHeader(probe.#notes);
      probe.#started = true;
      return probe;
    } catch (error) {
      await probe.close();
      throw error;
    }
  }

  /**
   * Replays scenes, after those that were asked for before. Nothing need be awaited before more is asked.
   *
   * @returns for each scene an answer to each of its lines
   */
  replay(
    scenes: readonly { readonly name: string; readonly lines: readonly string[] }[],
  ): Promise<string[][]> {
    const asked = scenes.map(({ name, lines }) =>
      new Promise<string[]>((done, failed) => {
        this.#asked.push({ name, lines, answers: [], done, failed });
      })
    );
    const text = scenes.map(({ lines }) => ["=== scene", ...lines].join("\n") + "\n").join("");
    this.#watch();
    this.#input.write(new TextEncoder().encode(text)).catch(() => {
      // It is gone; whoever reads its output says so.
    });
    if (this.#ended) this.#fail();
    const all = Promise.all(asked);
    // Who asked may be busy for a while before they look.
    all.catch(() => {});
    return all;
  }

  /** Lets the probe end, which restores what it changed; waits until it has. What it was still asked is left undone. */
  async close(): Promise<void> {
    if (this.#asked.length > 0 && !this.#ended) this.#child.kill("SIGTERM");
    await this.#input.close().catch(() => {});
    await this.#read;
    await this.#child.status;
    clearTimeout(this.#timer);
  }

  async #listen(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#hear(line);
      this.#watch();
    }
    this.#ended = true;
    this.#fail();
  }

  #hear(line: string): void {
    if (line.startsWith("#")) {
      this.#notes.push(line);
      return;
    }
    const front = this.#asked[0];
    if (front && line.startsWith("===") && !this.#begun) this.#begun = true;
    else if (front && this.#begun) {
      const said = front.lines[front.answers.length]!;
      if (!line.startsWith(`${said} ->`)) return this.#confused(`${said} -> …`, line);
      front.answers.push(line.slice(said.length + 3).trim());
    } else return this.#confused("nothing", line);
    if (front.answers.length < front.lines.length) return;
    this.#asked.shift();
    this.#begun = false;
    front.done(front.answers);
  }

  #confused(expected: string, line: string): void {
    for (const { name, failed } of this.#asked.splice(0)) {
      failed(
        new Problem(`in the scene "${name}" the probe should have said: ${expected}`, {
          remedy: `It said: ${line}`,
        }),
      );
    }
  }

  /** Everybody who still waits hears why in vain. */
  #fail(why = "the probe ended"): void {
    const waiting = this.#asked.splice(0);
    const during = waiting[0];
    if (!during) return;
    const at = during.lines[during.answers.length];
    const where = this.#started
      ? ` in the scene "${during.name}"${at ? `, at: ${at}` : ""}`
      : " at once";
    const told = Promise.all([this.#child.status, this.#stderr]).then(([{ code, signal }, text]) =>
      new Problem(`${why}${where}`, {
        ...!this.#started && { path: this.#program },
        remedy: [
          signal ? `It got ${signal}.` : `Its exit status was ${code}.`,
          text.trim(),
          this.#started
            ? ""
            : `Remove ${CACHE}, and it is built anew; with another compiler by CC.`,
        ].filter((line) => line).join("\n"),
      })
    );
    for (const { failed } of waiting) told.then(failed);
  }

  /** Begins to count anew how long the probe has been silent. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#asked.length === 0 || this.#ended) return;
    this.#timer = setTimeout(() => {
      // It is asked first, so that it restores what it changed.
      this.#child.kill("SIGTERM");
      this.#timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
      this.#fail(
        `the probe was silent for ${this.#limit / 1000} seconds, by the clock, and was stopped`,
      );
    }, this.#limit);
  }
}
