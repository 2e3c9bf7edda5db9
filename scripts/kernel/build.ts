// Builds the probe with the user's compiler, once for each state of its source, and sees to it that one probe at a time
// runs in a checkout: two would restore each other's settings.

import { hashOf, ownFolder, textAt, unlessMissing } from "../tool/files.ts";
import { Problem } from "../tool/problem.ts";

/** The probe's source: a folder of C. */
export const SOURCE = "scripts/kernel/probe";
/** Where it is built, and where it notes what it changed. */
export const CACHE = ".woven/kernel";
/** What it changed system-wide, while it is changed. */
export const STATE = `${CACHE}/state`;

const PROGRAM = `${CACHE}/probe`;
const KEY = `${CACHE}/probe.key`;
/** What `--allow-run` of the task lets it run as $CC. */
const COMPILERS = ["cc", "gcc", "clang", "tcc", "musl-gcc"];
const INSTALL = [
  "Debian, Ubuntu: apt install gcc libc6-dev",
  "Fedora: dnf install gcc glibc-devel. Alpine: apk add gcc musl-dev linux-headers.",
  "Another compiler: CC=clang deno task kernel",
].join("\n");

/** The hash of the probe's source; its records carry it. */
export async function probeHash(): Promise<string> {
  const files = await sources(/\.[ch]$/);
  return hashOf(await Promise.all(files.map((path) => textAt(path))));
}

/** The paths of the source's files whose names match, in the same order everywhere. */
async function sources(name: RegExp): Promise<string[]> {
  try {
    const files = await Array.fromAsync(Deno.readDir(SOURCE));
    return files.map((file) => `${SOURCE}/${file.name}`).filter((path) => name.test(path)).sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Problem("the probe's source is not there", { path: SOURCE });
  }
}

/** Builds the probe if there is none of this source, by this compiler; answers with the program's path. */
export async function buildProbe(compiler: string): Promise<string> {
  const program = `${Deno.cwd()}/${PROGRAM}`;
  const key = hashOf([await probeHash(), compiler, Deno.build.arch]);
  if (await built() === key) return program;
  const [command = "cc", ...flags] = compiler.trim().split(/\s+/);
  // What may be run may not be written by this task: the compiler puts the program there, and without a key beside it
  // nobody takes half of one for a whole.
  await Deno.remove(KEY).catch(() => {});
  const before = await stampOf(PROGRAM);
  const { success, stderr } = await run(command, [
    ...flags,
    "-O2",
    "-pthread",
    "-o",
    PROGRAM,
    ...await sources(/\.c$/),
  ]);
  if (!success) {
    const said = new TextDecoder().decode(stderr).trim();
    throw new Problem(`${compiler} could not build ${SOURCE}`, { remedy: `${said}\n${INSTALL}` });
  }
  const made = await stampOf(PROGRAM);
  if (made === undefined || made === before) {
    throw new Problem(`${compiler} says that it built the probe, and made nothing`, {
      path: PROGRAM,
      remedy: `Is it a compiler? Try another: CC=gcc deno task kernel\n${INSTALL}`,
    });
  }
  await Deno.writeTextFile(KEY, key);
  return program;
}

/** The key of the program that is there; undefined where there is none. */
async function built(): Promise<string | undefined> {
  return await stampOf(PROGRAM) && await unlessMissing(Deno.readTextFile(KEY));
}

/** Tells one version of a file from the next; undefined where there is no file. */
async function stampOf(path: string): Promise<string | undefined> {
  const found = await unlessMissing(Deno.stat(path));
  return found?.isFile ? `${found.mtime?.getTime()} ${found.ino} ${found.size}` : undefined;
}

/** What is wrong where the system will not run a program that was built here. */
export function cannotRun(path: string, error: unknown): Problem {
  return new Problem("the probe was built and cannot be run", {
    path,
    remedy: `The system says: ${(error as Error).message.split("\n")[0]}\n` +
      "Is the file system mounted noexec (`findmnt -T .`)? Work in a checkout on another one.\n" +
      `Was it built for another machine? Remove ${CACHE}, and it is built anew.`,
  });
}

async function run(command: string, args: string[]): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(command, { args, stdout: "null", stderr: "piped" }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable && !COMPILERS.includes(command)) {
      throw new Problem(`this task may run ${COMPILERS.join(", ")} and not ${command}`, {
        remedy: `Put a link named cc to it first on your PATH.`,
      });
    }
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      throw new Problem(`there is no C compiler: ${command} is not on your PATH`, {
        remedy: INSTALL,
      });
    }
    throw command.endsWith(PROGRAM) ? cannotRun(command, error) : new Problem(
      `the compiler ${command} cannot be run: ${(error as Error).message.split("\n")[0]}`,
      { remedy: INSTALL },
    );
  }
}

/**
 * Waits until no other run of this checkout goes on; the lock ends with the program, however it ends.
 *
 * @param waiting is told when somebody else has it
 */
export async function takeLock(waiting: () => void): Promise<Disposable> {
  let file: Deno.FsFile;
  try {
    await ownFolder(CACHE);
    file = await Deno.open(`${CACHE}/lock`, { create: true, write: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new Problem(`${CACHE} cannot be written: the probe is built there`, {
      remedy: "Work in a checkout of your own: git clone, or cp -r.",
    });
  }
  const timer = setTimeout(waiting, 300);
  await file.lock(true);
  clearTimeout(timer);
  return file;
}

/** Restores what a run that was killed had left changed. */
export async function restoreSettings(program: string): Promise<boolean> {
  try {
    await Deno.stat(STATE);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  const { success, stderr } = await run(program, ["--restore", "--state", STATE]);
  if (success) return true;
  throw new Problem("settings that an earlier run changed could not be restored", {
    path: STATE,
    remedy: `${
      new TextDecoder().decode(stderr).trim()
    }\nRun this as the user who ran that, such as root.`,
  });
}
