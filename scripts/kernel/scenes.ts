// The scenes that are replayed: the named ones of the project, or files of a person's own; and the recorded ones, which the
// random generator changes.

import { parseScenes, type Scene, SceneError } from "../../sim/mod.ts";
import { textAt, unlessMissing } from "../tool/files.ts";
import { readFrom } from "../tool/here.ts";
import { Problem } from "../tool/problem.ts";

/** A scene, and the file that it stands in. */
export interface FileScene extends Scene {
  readonly path: string;
}

/**
 * The named scenes, `sim/scenes/*.scene` in the order of their files, and those that were recorded for single rules; no two
 * have one name.
 */
export async function namedScenes(dir = "sim/scenes"): Promise<FileScene[]> {
  const files: string[] = [];
  for await (const { name, isFile } of Deno.readDir(dir)) {
    if (isFile && name.endsWith(".scene")) files.push(`${dir}/${name}`);
  }
  const ofFiles = await Promise.all(
    files.sort().map((path) => fileScenes(textAt(path), path)),
  );
  const scenes = [...ofFiles.flat(), ...await rules(`${dir}/recorded/rules.jsonl`)];
  const seen = new Map<string, FileScene>();
  for (const scene of scenes) {
    const other = seen.get(scene.name);
    if (other) {
      throw new Problem(`there are two scenes named "${scene.name}"`, {
        ...placeOf(scene),
        remedy: `The other is in ${other.path}: evidence is kept by name, so give it another.`,
      });
    }
    seen.set(scene.name, scene);
  }
  return scenes;
}

/** The scenes for single rules, one a line; none where there is no such file. */
async function rules(path: string): Promise<FileScene[]> {
  const text = await unlessMissing(textAt(path)) ?? "";
  return text.split("\n").filter((line) => line).map((line, at) => {
    const { id, trace } = JSON.parse(line) as { id: string; trace: string[] };
    return { name: id, lines: trace, places: trace.map(() => at + 1), path };
  });
}

/** The scenes of files that a person names from where they stand. */
export async function scenesOfFiles(files: readonly string[]): Promise<FileScene[]> {
  const scenes = await Promise.all(files.map((file) => fileScenes(readFrom(file), file)));
  return scenes.flat();
}

async function fileScenes(text: Promise<string>, shown: string): Promise<FileScene[]> {
  const stem = shown.replace(/^.*\//, "").replace(/\.scene$/, "");
  const scenes = parseScenes(await text).filter(({ lines }) => lines.length > 0);
  if (scenes.length === 0) throw new Problem("there is no scene in it", { path: shown });
  return scenes.map((scene) => ({
    ...scene,
    name: scene.name.replaceAll(/\s+/g, " ") || stem,
    path: shown,
  }));
}

/** Runs a scene, one way or another. @throws Problem for a line that is no operation, at its place */
export function located<T>(scene: Pick<FileScene, "path" | "lines" | "places">, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SceneError)) throw error;
    throw new Problem(error.message, {
      ...placeOf(scene, error.at),
      remedy: `It says: ${scene.lines[error.at]}`,
    });
  }
}

/** Where a scene's line stands, or its first. */
export function placeOf(
  scene: Pick<FileScene, "path" | "places">,
  at = 0,
): { path: string; line: number } {
  return { path: scene.path, line: scene.places[at] ?? 1 };
}

/** The scenes that real kernels have answered, hazards first. */
export async function recordedScenes(
  dir = "sim/scenes/recorded",
): Promise<Pick<Scene, "name" | "lines">[]> {
  const files = ["hazards", "rules"].map((name) => textAt(`${dir}/${name}.jsonl`));
  return (await Promise.all(files)).join("").trim().split("\n").map((line) => {
    const { id, trace } = JSON.parse(line) as { id: string; trace: string[] };
    return { name: id, lines: trace };
  });
}
