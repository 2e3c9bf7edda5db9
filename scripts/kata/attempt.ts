// The learner's file: it comes from the pristine exercise, and nothing here ever writes over it. It is there as a whole or
// not at all, whatever the disk, a kill, or another run does meanwhile.

import { asideOf, createFile, exists, moveFile, sweepAside, textAt } from "../tool/files.ts";
import { underLock } from "../tool/lock.ts";
import { Problem } from "../tool/problem.ts";
import { entriesOf, type Kata } from "./list.ts";

/** Held by whoever moves a learner's files. */
const LOCK = ".woven/attempts.lock";

/** Copies the exercise to `attempt.ts` unless there is one. @returns whether it did */
export async function begin(kata: Kata): Promise<boolean> {
  const path = `${kata.dir}/attempt.ts`;
  // Asked first: in a read-only folder, writing says "read-only" before it says "exists".
  if (await exists(path)) return false;
  try {
    await sweepAside(kata.dir);
    await createFile(path, kata.exercise);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw new Problem("the file cannot be written", {
      path,
      remedy: `${firstLine(error)}\n` +
        `To work on the kata, copy the project to a folder that you may write to.`,
    });
  }
}

/**
 * Brings attempts along to katas that stand in another chapter now: `kata/05-x/attempt.ts` moves to `kata/06-x`, where
 * there is none of that name. What was solved under the slug stays solved so.
 */
export async function bringAlong(katas: readonly Kata[]): Promise<void> {
  for (const { name, isDirectory } of await entriesOf("kata")) {
    const kata = katas.find(({ dir, slug }) => dir !== `kata/${name}` && name.slice(3) === slug);
    if (!kata || !isDirectory || !/^\d\d-/.test(name)) continue;
    const files = (await entriesOf(`kata/${name}`)).map(({ name }) => name);
    if (!files.every((file) => file.startsWith("attempt."))) continue;
    for (const file of files) {
      await moveFile(`kata/${name}/${file}`, `${kata.dir}/${file}`).catch((error) => {
        const { AlreadyExists, NotFound } = Deno.errors; // another run may have moved it
        if (!(error instanceof AlreadyExists || error instanceof NotFound)) throw error;
      });
    }
  }
}

/**
 * Moves `attempt.ts` to the first free of `attempt.1.ts`, `.2`, … and begins again.
 *
 * The new one is written before the old one moves, so that a full disk leaves everything as it is; and what somebody saves
 * in between stays.
 *
 * @returns where the old one is now; undefined where there was none, or none that differs from the exercise
 */
export async function reset(kata: Kata): Promise<string | undefined> {
  return await underLock(LOCK, async () => {
    const path = `${kata.dir}/attempt.ts`, fresh = asideOf(path);
    if (await begin(kata) || await isPristine(kata)) return undefined;
    let n = 1;
    while (await exists(`${kata.dir}/attempt.${n}.ts`)) n++;
    const kept = `${kata.dir}/attempt.${n}.ts`;
    try {
      await createFile(fresh, kata.exercise);
      await Deno.rename(path, kept);
    } catch (error) {
      await Deno.remove(fresh).catch(() => {});
      throw new Problem("the file cannot be moved, and stays as it is", {
        path,
        remedy: firstLine(error),
      });
    }
    await moveFile(fresh, path).catch(() => Deno.remove(fresh));
    return kept;
  });
}

/** Is the attempt the exercise still? One that cannot be read as text is none. */
async function isPristine(kata: Kata): Promise<boolean> {
  const text = await textAt(`${kata.dir}/attempt.ts`).catch(() => undefined);
  return text === kata.exercise;
}

function firstLine(error: unknown): string {
  return (error as Error).message.split("\n")[0]!;
}
