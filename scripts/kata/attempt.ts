// The learner's file: it comes from the pristine exercise, and nothing here ever writes over it.

import { exists } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";
import type { Kata } from "./list.ts";

/** Copies the exercise to `attempt.ts` unless there is one. @returns whether it did */
export async function begin(kata: Kata): Promise<boolean> {
  const path = `${kata.dir}/attempt.ts`;
  try {
    await Deno.writeTextFile(path, kata.exercise, { createNew: true });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    // In a read-only folder, opening says "read-only" before it says "exists".
    if (await exists(path)) return false;
    throw new Problem("the file cannot be written", {
      path,
      remedy: `${(error as Error).message.split("\n")[0]}\n` +
        `To work on the kata, copy the project to a folder that you may write to.`,
    });
  }
}

/**
 * Brings attempts along to katas that stand in another chapter now: `kata/05-x/attempt.ts` moves to `kata/06-x`, where
 * there is none of that name. What was solved under the slug stays solved so.
 */
export async function bringAlong(katas: readonly Kata[]): Promise<void> {
  for (const { name } of await Array.fromAsync(Deno.readDir("kata"))) {
    const kata = katas.find(({ dir, slug }) => dir !== `kata/${name}` && name.slice(3) === slug);
    if (!kata || !/^\d\d-/.test(name)) continue;
    const files = (await Array.fromAsync(Deno.readDir(`kata/${name}`))).map(({ name }) => name);
    if (!files.every((file) => file.startsWith("attempt."))) continue;
    for (const file of files) {
      if (await exists(`${kata.dir}/${file}`)) continue;
      await Deno.rename(`kata/${name}/${file}`, `${kata.dir}/${file}`);
    }
  }
}

/**
 * Moves `attempt.ts` to the first free of `attempt.1.ts`, `.2`, … and begins again.
 *
 * @returns where the old one is now; undefined where there was none, or none that differs from the exercise
 */
export async function reset(kata: Kata): Promise<string | undefined> {
  const path = `${kata.dir}/attempt.ts`;
  if (await begin(kata) || await Deno.readTextFile(path) === kata.exercise) return undefined;
  let n = 1;
  while (await exists(`${kata.dir}/attempt.${n}.ts`)) n++;
  const kept = `${kata.dir}/attempt.${n}.ts`;
  try {
    await Deno.rename(path, kept);
  } catch (error) {
    throw new Problem("the file cannot be moved, and stays as it is", {
      path,
      remedy: (error as Error).message.split("\n")[0]!,
    });
  }
  await begin(kata);
  return kept;
}
