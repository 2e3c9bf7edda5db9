// What the tests of tasks share: how a task answers a call that it refuses.

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
