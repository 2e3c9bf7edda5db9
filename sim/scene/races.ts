/**
 * The named races: scenes in which two are at work at once, one file each. They lose in some kernels and not in those that
 * mended them.
 *
 * @module
 */

import { parseScenes, type Scene } from "./scene.ts";
import r1 from "../scenes/races/r1.scene" with { type: "text" };
import r11 from "../scenes/races/r11.scene" with { type: "text" };
import r2 from "../scenes/races/r2.scene" with { type: "text" };
import r5 from "../scenes/races/r5.scene" with { type: "text" };
import r6 from "../scenes/races/r6.scene" with { type: "text" };
import r8 from "../scenes/races/r8.scene" with { type: "text" };
import r8Read from "../scenes/races/r8-read.scene" with { type: "text" };

/** Every named race, by its name, which is its file's: `sim/scenes/races/NAME.scene`. */
export const races: ReadonlyMap<string, Scene> = new Map(
  [r1, r2, r5, r6, r8, r8Read, r11].flatMap(parseScenes).map((scene) => [scene.name, scene]),
);
