// The rooms of the simulator, and the directions between them: a file imports from the rooms below its own, and from its
// own. A type may come from anywhere, but no import may close a circle, in the simulator and in scripts/.

import { dirname, join } from "@std/path";
import { importsOf } from "../kata/source.ts";
import { Problem } from "../tool/problem.ts";

type Files = ReadonlyMap<string, string>;

/** From the lowest to the highest: the files of each room, and its folders. */
const ROOMS: readonly (readonly string[])[] = [
  ["errno.ts", "uapi.ts"],
  ["event.ts", "policy.ts", "reason.ts", "state.ts"],
  [
    "address.ts",
    "apply.ts",
    "data.ts",
    "era.ts",
    "invariant.ts",
    "ksm_merge.ts",
    "mishap.ts",
    "scene/notation.ts",
  ],
  ["releases.ts", "verdict.ts", "view/"],
  ["machine.ts"],
  ["mm/"],
  ["devices/"],
  ["rdma/"],
  ["host.ts"],
  ["operations/"],
  ["lab.ts", "scene/"],
  ["mod.ts"],
];

/** Who applies an event: the machine that emits it, and the films that play it back. */
const APPLIERS = ["sim/machine.ts", "sim/view/steps.ts"];

/** Which way imports point inside sim/. */
export function directions(path: string, text: string): Problem[] {
  if (!isSim(path)) return [];
  const room = roomOf(path);
  if (room < 0) {
    const remedy = "Say in scripts/house/rooms.ts what it is built on, and who builds on it.";
    return [new Problem("this file of the simulator has no room", { path, line: 1, remedy })];
  }
  return importsOf(text).flatMap(({ specifier, line, types }) => {
    const target = join(dirname(path), specifier);
    if (!specifier.startsWith(".") || !isSim(target)) return [];
    const wrong = (message: string, remedy: string) => [
      new Problem(message, { path, line, remedy }),
    ];
    if (!types && target === "sim/apply.ts" && !APPLIERS.includes(path)) {
      return wrong("this file does not apply events", "Emit the event: the machine applies it.");
    }
    if (!types && roomOf(target) > room) {
      return wrong(
        `${target} is built on what is here, not this on it`,
        "Move what both need down, or hand it over; a type may be imported by `import type`.",
      );
    }
    return [];
  });
}

/** No file needs, by any way, what needs it: such two are read as one. */
export function circles(path: string, text: string, files: Files): Problem[] {
  if (!isOurs(path)) return [];
  return importsOf(text).flatMap(({ specifier, line }) => {
    const target = join(dirname(path), specifier);
    const circle = specifier.startsWith(".") && isOurs(target) && way(target, path, files);
    if (!circle) return [];
    return [
      new Problem(`an import closes a circle: ${[path, ...circle].join(" → ")}`, {
        path,
        line,
        remedy: "Move what both need to a file that imports neither, types included.",
      }),
    ];
  });
}

/** A file of the simulator or of the tasks that is no test. */
function isOurs(path: string): boolean {
  return /^(?:sim|scripts)\/.*\.ts$/.test(path) && !path.endsWith("_test.ts");
}

function isSim(path: string): boolean {
  return path.startsWith("sim/") && path.endsWith(".ts") && !path.endsWith("_test.ts");
}

/** Which room a file is in; one that names the file comes before one that names its folder. */
function roomOf(path: string): number {
  const name = path.slice("sim/".length);
  const named = ROOMS.findIndex((room) => room.includes(name));
  return named >= 0
    ? named
    : ROOMS.findIndex((room) => room.some((part) => part.endsWith("/") && name.startsWith(part)));
}

/** The shortest way from a file to another along imports, both included; undefined where there is none. */
function way(from: string, to: string, files: Files): string[] | undefined {
  const ways = [[from]], seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1)!;
    if (last === to) return way;
    for (const next of graphOf(files).get(last) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
}

const graphs = new WeakMap<Files, Map<string, string[]>>();

/** What each of our files imports. */
function graphOf(files: Files): Map<string, string[]> {
  let graph = graphs.get(files);
  if (!graph) {
    graph = new Map(
      [...files].filter(([path]) => isOurs(path)).map(([path, text]) => {
        const targets = importsOf(text).map(({ specifier }) => join(dirname(path), specifier));
        return [path, targets.filter(isOurs)];
      }),
    );
    graphs.set(files, graph);
  }
  return graph;
}
