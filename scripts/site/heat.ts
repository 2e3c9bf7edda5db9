// What the table of hazards and the pages of scenes show: what came of each scene, kernel by kernel, in the words of the
// machine's verdicts.

import {
  type Ending,
  endingOf,
  frames,
  type Judged,
  releaseNamed,
  rightOf,
  runs,
  type Scene,
} from "../../sim/mod.ts";
import type { KernelRecord } from "../kernel/record.ts";
import { seenOn } from "../kernel/seen.ts";
import { type Column, hazards } from "../notebook/hazards.ts";

/** What came of a scene on the kernels of one column. */
export interface Square {
  /** Whether it is what the scene's file says is right; `open` where it says nothing. */
  right: "right" | "wrong" | "open";
  /** `whole`, `parted, leaked`; where no verdict can be decided, whether it is right, or what became of the frame. */
  words: string;
  /** What each reader read, and which of them should not have. */
  judged: Judged;
  /** Who owned what when it was decided. */
  picture: { text: string; svg: string };
}

/** A scene and what came of it, a square for each column; none where the machine cannot play it. */
export interface Row {
  scene: Scene;
  /** `device new; child not new`; empty where nothing is expected. */
  right: string;
  squares: readonly Square[];
  /** The kernels on which it was seen. */
  seen: readonly string[];
}

/** The table, its rows by name. */
export interface Heat {
  columns: readonly Omit<Column, "judged">[];
  rows: readonly Row[];
}

let played: ReturnType<typeof play> | undefined;

/** Plays all named scenes for the table; where `learn` builds again, only the records can be others. */
export function heat(records: readonly KernelRecord[]): Heat {
  const { columns, rows } = played ??= play();
  return {
    columns,
    rows: rows.map(([scene, squares]) => {
      return { scene, squares, right: rightOf(scene), seen: seenOn(records, scene.name) };
    }),
  };
}

function play() {
  const { played, missing, columns } = hazards();
  const rows: [Scene, Square[]][] = played.map((scene, at) => {
    const squares = columns.map(({ runs: [run = 0], judged }) => {
      const ending = endingOf(scene.lines, releaseNamed(runs[run]![0]));
      return squareOf(scene, judged[at]!, ending);
    });
    return [scene, squares];
  });
  rows.push(...missing.map((scene): [Scene, Square[]] => [scene, []]));
  return { columns, rows: rows.sort(([a], [b]) => a.name < b.name ? -1 : 1) };
}

function squareOf(scene: Scene, judged: Judged, { state, verdicts }: Ending): Square {
  const right = !scene.keeps && !scene.hides ? "open" : judged.wrong.length > 0 ? "wrong" : "right";
  const display = frames(state)[Symbol.for("Jupyter.display")]!();
  // As the table of the chapter has them: what went wrong on the way, in the order of the words.
  const onTheWay = judged.verdicts.filter((word) => word !== "whole");
  const words = right === "wrong" ? onTheWay : [...new Set(verdicts.map(({ word }) => word))];
  const nothing = right === "open" ? judged.words[0]! : right;
  return {
    right,
    words: words.join(", ") || nothing,
    judged,
    picture: { text: display["text/plain"], svg: display["image/svg+xml"] },
  };
}
