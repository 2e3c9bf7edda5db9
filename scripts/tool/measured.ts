// Runs a command with all that it starts, measures the CPU time of it, and stops the whole of it where it takes too much.

import { feed } from "./limited.ts";

/** How a command ended. */
export interface Ended {
  /** The exit status; above 128 after a signal. */
  status: number;
  stdout: string;
  stderr: string;
  /** User and system time of the command and what it started, in milliseconds. */
  cpu: number;
}

/** What to run, and how much it may take. */
export interface Orders {
  cwd: string;
  args: readonly string[];
  input?: string;
  env?: Record<string, string>;
  /** The CPU time that each process may take, in milliseconds. */
  cpuLimit?: number;
  /** How long it may take in all, in milliseconds: for what waits instead of working. */
  limit?: number;
}

/** The command gets a group of its own, so that what it started ends with it. Bash counts the time of its children. */
const SCRIPT = `
set -m
trap 'kill -KILL -- -$child 2>/dev/null' EXIT
trap 'exit 143' INT TERM
limit=$1; shift
( ulimit -c 0; ulimit -t "$limit"; exec "$@" ) <&0 & child=$!
set +m
wait $child
printf '\\nstatus %s\\n' $?
times`;

const running = new Set<Deno.ChildProcess>();
let stopping = false;

/** Runs a command to its end, or to ours. */
export async function measured(orders: Orders): Promise<Ended> {
  const { cwd, args, input, env, cpuLimit, limit = Infinity } = orders;
  const seconds = cpuLimit === undefined ? "unlimited" : String(Math.ceil(cpuLimit / 1000));
  if (stopping) throw new Error("stopped");
  const child = new Deno.Command("bash", {
    args: ["-c", SCRIPT, "bash", seconds, ...args],
    cwd,
    env: { LC_ALL: "C", NO_COLOR: "1", INIT_CWD: cwd, ...env },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.add(child);
  const timer = limit === Infinity ? undefined : setTimeout(() => stop(child), limit);
  const output = child.output();
  if (input !== undefined) await feed(child.stdin, input);
  const { code, stdout, stderr } = await output;
  clearTimeout(timer);
  running.delete(child);
  const text = new TextDecoder().decode(stdout);
  const [whole = "", said = "", status = code, times = ""] =
    text.match(/^([^]*)\nstatus (\d+)\n.+\n(.+)\n$/) ?? [];
  return {
    status: Number(status),
    stdout: whole ? said : text,
    stderr: new TextDecoder().decode(stderr),
    cpu: milliseconds(times),
  };
}

/** Lets each worker take the next item until none is left. The first error stops everything, and is thrown when all is. */
export async function share<Item, Worker>(
  items: readonly Item[],
  workers: readonly Worker[],
  work: (item: Item, worker: Worker) => Promise<void>,
): Promise<void> {
  const queue = items.values(), errors: unknown[] = [];
  await Promise.all(workers.map(async (worker) => {
    for (const item of queue) {
      if (errors.length > 0) return;
      try {
        await work(item, worker);
      } catch (error) {
        errors.push(error);
        stopAll();
      }
    }
  }));
  if (errors.length > 0) throw errors[0];
}

/** Stops everything that runs; nothing new begins. */
export function stopAll(): void {
  stopping = true;
  running.forEach(stop);
}

function stop(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended already.
  }
}

/** The sum of two times as bash's `times` prints them, `0m1.500s 0m0.250s`. */
export function milliseconds(times: string): number {
  const parts = [...times.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}
