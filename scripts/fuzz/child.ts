// Runs inside the child process: the search itself, which reports each text before it is read, so that the parent knows what
// does not end.

import { ownFolder } from "../tool/files.ts";
import { reporter } from "../tool/report.ts";
import { folderTargets } from "./folder.ts";
import { type Found, search } from "./search.ts";
import { courseTargets } from "./texts.ts";

/** What the child tells: the number of a text, from 1, and how it ended. */
export type Report =
  | { kind: "text"; number: number }
  | { kind: "end"; found?: Found };

/** Searches, in a folder that is gone afterwards. */
export async function fuzz(
  mark: string,
  order: { count: number; seed: number; path?: string },
): Promise<void> {
  const report = reporter<Report>(mark), root = Deno.cwd();
  await ownFolder(".woven");
  const folder = await Deno.makeTempDir({ dir: `${root}/.woven`, prefix: "fuzz." });
  try {
    const targets = [...await courseTargets(), ...await folderTargets(folder)];
    const progress = (number: number) => report({ kind: "text", number });
    const found = await search({ ...order, targets, progress });
    report({ kind: "end", ...found && { found } });
  } finally {
    Deno.chdir(root);
    await Deno.remove(folder, { recursive: true });
  }
}
