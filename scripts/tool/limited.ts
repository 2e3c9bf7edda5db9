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
}

/** Why a child was stopped: what it had too much of, and how much that was, as a person is told. */
export interface Stopped {
  readonly by: "work" | "output" | "clock";
  readonly after: string;
}

/** `ulimit` is the shell's own. One second above what it was given, a child that will not hear of it is killed. */
const SCRIPT =
  `{ ulimit -c 0; ulimit -St "$1"; ulimit -Ht $(($1 + 1)); } 2> /dev/null; shift; exec deno "$@"`;

/** A command that runs `deno` with `args`. Windows has no such limit; there the clock is all there is. */
export function limitedDeno(
  cpuSeconds: number,
  args: readonly string[],
  options: Omit<Deno.CommandOptions, "args"> = {},
): Deno.Command {
  if (Deno.build.os === "windows") return new Deno.Command("deno", { ...options, args: [...args] });
  const shell = ["-c", SCRIPT, "sh", String(cpuSeconds), ...args];
  return new Deno.Command("sh", { ...options, args: shell });
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
export function assertStarted({ code }: Deno.CommandStatus): void {
  if (code === 127) throw noDeno();
}

/** What is wrong where `deno` cannot be found. */
export function noDeno(): Problem {
  return new Problem("there is no `deno` on the PATH", {
    remedy:
      `Start the task with \`npx --yes deno@${Deno.version.deno} task …\`, which puts it there`,
  });
}

/** Whether a child that we did not stop ended because its processor time was used up, whether it heard of it or not. */
export function ranOut({ signal }: Deno.CommandStatus): boolean {
  return signal === "SIGXCPU" || signal === "SIGKILL";
}

/** Ctrl-C reaches a child by itself, `kill` does not: an endless one would outlive us. Returns what undoes it. */
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
