// Deno itself as a child, for what only it knows: what a module loads, whether its types hold.

import { limitedDeno, noDeno } from "../tool/limited.ts";
import { root } from "./files.ts";

/** A child knows the simulator and no package, the same compiler as the root's, and nothing of the network. */
export const closed = [
  "--config",
  "scripts/notebook/cells.json",
  "--no-remote",
  "--no-npm",
  "--no-lock",
];

/**
 * Starts `deno …` in the project's folder, its three streams piped, colours off.
 *
 * @param cpuSeconds how much processor time it may take; without it, as much as it likes
 */
export function startDeno(args: readonly string[], cpuSeconds?: number): Deno.ChildProcess {
  const options = {
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  } as const;
  try {
    // By name: that is what --allow-run=deno,sh allows.
    return cpuSeconds === undefined
      ? new Deno.Command("deno", { ...options, args: [...args] }).spawn()
      : limitedDeno(cpuSeconds, args, options).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw noDeno();
  }
}

/** Runs `deno …` to its end, with `input` on its stdin. */
export async function deno(
  args: readonly string[],
  input = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = startDeno(args);
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), feed(child, input)]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Writes all of a child's stdin. A child that is gone before it has read it says why by its status. */
export async function feed(child: Deno.ChildProcess, input: string): Promise<void> {
  try {
    await new Blob([input]).stream().pipeTo(child.stdin);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
