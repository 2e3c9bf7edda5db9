// What the tests of tasks share: how a task answers a call that it refuses, and links for it to stumble over.

import { Problem } from "./problem.ts";

/**
 * What a person reads of a call that a task refuses; without a process, which takes longer to start than to refuse.
 * `main` turns a Problem into this text and status 1, for every task alike.
 *
 * @throws Error where the task does not refuse
 */
export async function refusal(
  task: (args: string[]) => Promise<unknown>,
  args: readonly string[],
): Promise<string> {
  let status: unknown;
  try {
    status = await task([...args]);
  } catch (error) {
    if (error instanceof Problem) return String(error);
    throw error;
  }
  throw new Error(`${args.join(" ")}: not refused, status ${status}`);
}

/** Makes a symbolic link, which Deno only makes for those who may write everywhere. */
export async function symlink(target: string, path: string): Promise<void> {
  await new Deno.Command("sh", { args: ["-c", 'ln -s "$1" "$2"', "sh", target, path] }).output();
}
