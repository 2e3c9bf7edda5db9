// What the tests of `site` and `learn` share: a copy of the project with a course of their own, in a folder whose name has a
// space, and a task's own flags.

import { join } from "@std/path";
import { root } from "../notebook/files.ts";

/** Copies what the project is made of, with one kata, and nothing that the tasks or a learner made. */
async function copy(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (/^\.|^_site$|^attempt|_test\.ts$|^chapters$/.test(name)) continue;
    if (/^\d\d-/.test(name) && name !== "00-last-writer") continue;
    if (isDirectory) await copy(new URL(`${name}/`, from), join(to, name));
    // Not copyFile(), which would copy that a file may not be written.
    else await Deno.writeFile(join(to, name), await Deno.readFile(new URL(name, from)));
  }
}

/** A copy of the project in `folder`, with these chapters, by their file names: what the real ones are like, others know. */
export async function copyOfCourse(
  folder: string,
  chapters: Record<string, string>,
): Promise<void> {
  await copy(root, folder);
  await Deno.mkdir(join(folder, "chapters"));
  for (const [name, text] of Object.entries(chapters)) {
    await Deno.writeTextFile(join(folder, "chapters", name), text);
  }
}

/** What `deno.json` says a task is run with: its permissions, and nothing asked. */
export async function flagsOf(task: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const [, flags] = /^deno run (.*) scripts\/\S+$/.exec(tasks[task].command)!;
  return ["run", "--cached-only", ...flags!.split(" ")];
}
