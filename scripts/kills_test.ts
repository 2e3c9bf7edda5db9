// What a kill loses: tasks that write are ended at random moments, and what was a learner's is whole afterwards.
// KILLS=100 takes that many; the seed is printed where something is lost.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { join } from "@std/path";
import { chapterOf } from "./notebook/testing.ts";
import { print } from "./notebook/chapter.ts";
import { copyOfCourse, flagsOf } from "./site/testing.ts";
import { unlessMissing } from "./tool/files.ts";

const count = Number(Deno.env.get("KILLS") ?? 12), seed = Number(Deno.env.get("SEED") ?? 1);
const folder = await Deno.makeTempDir({ prefix: "a kill " });
const KATA = join(folder, "kata/00-last-writer"), ATTEMPT = join(KATA, "attempt.ts");
const CHAPTER = join(folder, "chapters/90-accepted.md"), PROGRESS = join(folder, ".progress.json");

const stale = print(chapterOf("accepted", 'console.log("new");')) + "\n```output\nold\n```\n";
const accepted = stale.replace("\nold\n", "\nnew\n");
const loops = "for (;;);\nexport const wpCanReuse = () => true;\n";

/** What is ended, and what holds of its files afterwards; each begins as `before` leaves it. */
interface Deed {
  args: string[];
  before(n: number): Promise<void>;
  after(n: number): Promise<void>;
}

const learners = (n: number) => `// attempt ${n} of the learner\n${loops}`;
const startAttempt = (n: number) => Deno.writeTextFile(ATTEMPT, learners(n));
const attempts = async () => {
  const entries = await Array.fromAsync(Deno.readDir(KATA));
  const files = entries.filter(({ name }) => /^attempt(?:\.\d+)?\.ts$/.test(name));
  return await Promise.all(files.map(({ name }) => Deno.readTextFile(join(KATA, name))));
};
const keepsAttempt = async (n: number) => {
  const texts = await attempts();
  assert.ok(texts.includes(learners(n)), `the attempt is gone: ${JSON.stringify(texts)}`);
  assert.ok(texts.every((text) => text !== ""), "an attempt is empty");
};
/** How many hints were taken, as the progress says. */
const hints = async () => {
  const text = await unlessMissing(Deno.readTextFile(PROGRESS));
  return text === undefined ? 0 : Number(JSON.parse(text).katas?.["last-writer"]?.hints ?? 0);
};
let hintsBefore = 0;

const kata = (...args: string[]): Deed => ({
  args: ["kata", ...args],
  before: startAttempt,
  after: keepsAttempt,
});
const DEEDS: Deed[] = [
  kata("last-writer"),
  kata("watch", "last-writer"),
  kata("reset", "last-writer"),
  {
    args: ["kata", "last-writer"],
    before: async () => void await unlessMissing(Deno.remove(ATTEMPT)),
    // It is a copy of the exercise, or not there yet.
    after: async () => {
      const exercise = await Deno.readTextFile(join(KATA, "exercise.ts"));
      const found = await unlessMissing(Deno.readTextFile(ATTEMPT));
      assert.ok(found === undefined || found === exercise, JSON.stringify(found));
    },
  },
  {
    args: ["kata", "hint", "last-writer"],
    before: async () => void (hintsBefore = await hints()),
    after: async () => {
      const now = await hints();
      assert.ok(now >= hintsBefore, `${hintsBefore} hints were taken, and ${now} are known`);
    },
  },
  {
    args: ["chapter", "accepted", "--accept"],
    before: () => Deno.writeTextFile(CHAPTER, stale),
    after: async () => {
      const text = await Deno.readTextFile(CHAPTER);
      assert.ok([stale, accepted].includes(text), JSON.stringify(text));
    },
  },
  {
    args: ["site"],
    before: () => Promise.resolve(),
    after: async () => {
      if (!await unlessMissing(Deno.stat(join(folder, "_site")))) return;
      const page = await Deno.readTextFile(join(folder, "_site/index.html"));
      assert.match(page, /<\/html>\s*$/);
    },
  },
];

/** Numbers from 0 to below 1, the same for the same seed: mulberry32. */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sleep = (ms: number) => new Promise((wake) => setTimeout(wake, ms));

async function start([task, ...args]: readonly string[]): Promise<Deno.ChildProcess> {
  return new Deno.Command("deno", {
    args: [...await flagsOf(task!), `scripts/${task}.ts`, ...args],
    cwd: folder,
    env: { INIT_CWD: folder },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Who is still at work in the folder. */
async function atWork(): Promise<string> {
  const script = 'for p in /proc/[0-9]*; do case "$(readlink "$p/cwd")" in "$1"*) ' +
    `tr '\\0' ' ' < "$p/cmdline"; echo;; esac; done`;
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", folder],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

test(`what is a learner's outlives ${count} kills at random moments, and nobody works on`, async () => {
  await copyOfCourse(folder, { "90-accepted.md": accepted, "ledger.yaml": "" });
  const draw = random(seed), signals = ["SIGKILL", "SIGTERM", "SIGHUP"] as const;
  // How long each takes when it is left alone; what never ends by itself gets as long as the longest.
  const durations: number[] = [];
  for (const deed of DEEDS) {
    if (deed.args[1] === "watch" || deed.before === startAttempt) {
      durations.push(0);
      continue;
    }
    await deed.before(0);
    const from = performance.now();
    await (await start(deed.args)).status;
    durations.push(performance.now() - from);
  }
  const longest = Math.max(...durations);
  for (let n = 1; n <= count; n++) {
    const i = Math.floor(draw() * DEEDS.length), deed = DEEDS[i]!;
    const signal = signals[Math.floor(draw() * signals.length)]!;
    const ms = draw() * 1.1 * (durations[i] || longest);
    const what = `kill ${n} of seed ${seed}: ${
      deed.args.join(" ")
    }, ${signal} after ${ms.toFixed()} ms`;
    await deed.before(n);
    const child = await start(deed.args);
    await sleep(ms);
    try {
      child.kill(signal);
    } catch {
      // It has ended already.
    }
    await child.status;
    let looks = 0, left: string;
    for (; (left = await atWork()) && looks < 600; looks++) await sleep(50);
    assert.is(left, "", `${what}: at work ${looks} looks later`);
    try {
      await deed.after(n);
    } catch (error) {
      (error as Error).message = `${what}: ${(error as Error).message}`;
      throw error;
    }
    if (Deno.env.has("KILLS")) console.log(`${what}: nobody after ${looks} looks of 50 ms`);
  }
  // And the next start takes away what was left.
  await startAttempt(0);
  await (await start(["site"])).status;
  const here = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  assert.equal(here.filter((name) => /^\._site/.test(name)), []);
  await Deno.remove(folder, { recursive: true });
});

test.run();
