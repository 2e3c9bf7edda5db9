// Deno as a child: for what only it knows, what a module loads and whether its types hold; and for code that is not to be
// trusted, which may use so much processor time and no more. What ends a loop is work, not the clock: a busy machine is
// slow, not wrong. The kernel counts (RLIMIT_CPU), and nothing in the child can raise what it is given.

import { Problem } from "./problem.ts";

/** How much a child may take before it is stopped. */
export interface Limits {
  /** Processor time of the whole child, in whole seconds. */
  readonly cpuSeconds: number;
  /**
   * The last resort, for what sleeps: so long without progress, by the clock, in milliseconds. Many times the processor
   * time, since a loop on a busy machine shall end by that.
   */
  readonly silentMs: number;
  /** How much memory it may have written to, beside what Deno itself takes, in MB; as much as there is, unless told. */
  readonly memoryMb?: number;
}

/** Why a child was stopped: what it had too much of, and how much that was, as a person is told. */
export interface Stopped {
  readonly by: "work" | "output" | "report" | "clock";
  readonly after: string;
}

/** What Deno itself reserves before a program has asked for anything, in MB: the code range of V8 and its stacks. */
const RESERVED_MB = 550;

/**
 * `ulimit` is the shell's own. One second above what it was given, a child that will not hear of it is killed.
 *
 * The child's program comes first on standard input, which then stays open for as long as we live: at its end the child
 * is killed, whatever it is doing and however we ended.
 */
const SCRIPT =
  `{ ulimit -c 0; ulimit -St "$1"; ulimit -Ht $(($1 + 1)); ulimit -d "$2"; } 2> /dev/null
program=$(head -c "$3"); shift 3; exec 3<&0
printf %s "$program" | deno "$@" 3<&- & child=$!
(read -r _ <&3; kill -KILL "$child") > /dev/null 2>&1 & watcher=$!
wait "$child"; status=$?
kill "$watcher" 2> /dev/null
exit "$status"`;

/** A child at work. */
export interface Child {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** Its exit status; above 128 after a signal. */
  readonly status: Promise<number>;
  /** Ends it now; it may have ended already. */
  stop(): void;
}

/**
 * Starts `deno` with `args`, and with a program on its standard input. It ends when it has taken too much, and when we end.
 * Windows has no such limits; there the clock is all there is.
 */
export function startLimited(
  { cpuSeconds, memoryMb }: Pick<Limits, "cpuSeconds" | "memoryMb">,
  args: readonly string[],
  program: string,
  options: Pick<Deno.CommandOptions, "cwd"> = {},
): Child {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const settings = { ...options, ...piped, env: { NO_COLOR: "1" } };
  if (Deno.build.os === "windows") {
    const child = new Deno.Command("deno", { ...settings, args: [...args] }).spawn();
    feed(child.stdin, program);
    const { stdout, stderr } = child;
    return {
      stdout,
      stderr,
      status: child.status.then(({ code }) => code),
      stop: () => end(child),
    };
  }
  const input = new TextEncoder().encode(program);
  const memory = memoryMb === undefined ? "unlimited" : String((RESERVED_MB + memoryMb) * 1024);
  const limits = [cpuSeconds, memory, input.length].map(String);
  const child = new Deno.Command("sh", {
    ...settings,
    args: ["-c", SCRIPT, "sh", ...limits, ...args],
  }).spawn();
  const writer = child.stdin.getWriter();
  const stop = () => void writer.close().catch(() => {}); // closed, or broken
  writer.write(input).catch(() => {}); // it ended, or was stopped, before it had read everything
  const status = child.status.then(({ code }) => {
    stop();
    return code;
  });
  return { stdout: child.stdout, stderr: child.stderr, status, stop };
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Runs `deno …` to its end, colours off, with `input` on its stdin. `signal` ends it. */
export async function deno(
  args: readonly string[],
  { input = "", ...options }: { input?: string; cwd?: URL; signal?: AbortSignal } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  try {
    // By name: that is what --allow-run=deno,sh allows.
    const command = new Deno.Command("deno", {
      ...{ ...options, ...piped, env: { NO_COLOR: "1" } },
      args: [...args],
    });
    const child = command.spawn();
    const [{ code, stdout, stderr }] = await Promise.all([
      child.output(),
      feed(child.stdin, input),
    ]);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw noDeno();
  }
}

/** Writes all of a child's stdin. A child that is gone before it has read it says why by its status. */
export async function feed(stdin: WritableStream<Uint8Array>, input: string): Promise<void> {
  try {
    const writer = stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // It ended, or was stopped, before it had read everything.
  }
}

/** Says so where a child could not be started: the shell answers 127. @throws Problem */
export function assertStarted(status: number): void {
  if (status === 127) throw noDeno();
}

/** What is wrong where `deno` cannot be found. */
export function noDeno(): Problem {
  return new Problem("there is no `deno` on the PATH", {
    remedy:
      `Start the task with \`npx --yes deno@${Deno.version.deno} task …\`, which puts it there`,
  });
}

/** Whether a child that we did not stop ended because its processor time was used up, whether it heard of it or not. */
export function ranOut(status: number): boolean {
  return [SIGXCPU, SIGKILL].includes(status - 128);
}

const SIGKILL = 9, SIGXCPU = 24;

/** A signal that ends us ends what we have started first. Returns what undoes it. */
export function endWithUs(kill: () => void): () => void {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const end = () => {
    kill();
    setTimeout(() => Deno.exit(130)); // when every child has been seen to
  };
  for (const signal of signals) Deno.addSignalListener(signal, end);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, end);
  };
}
