// What somebody who begins a kata may want to look up: the types that its exercise names, as the simulator declares them.

import { dim } from "@std/fmt/colors";
import { filesBelow, textAt } from "../tool/files.ts";
import { fold, painted } from "../tool/text.ts";
import type { Kata } from "./list.ts";
import { lineAt } from "./source.ts";

/** The types as lines, with a blank one behind them; none where there are none. */
export async function lookUpLines(kata: Kata, width: number): Promise<string[]> {
  const types = (await typesOf(kata)).flatMap(({ place, lines }) => [
    `  ${place}`,
    ...lines.map((line) => `    ${line}`),
  ]);
  if (types.length === 0) return [];
  const told = ["What it is given:", ...types];
  return [
    ...told.flatMap((text) =>
      fold([{ text, ...text.startsWith("    ") && { paint: dim } }], width).map(painted)
    ),
    "",
  ];
}

/** Where the types that an exercise has from "sim" are declared, and what they have, without the comments. */
async function typesOf({ exercise }: Kata): Promise<{ place: string; lines: string[] }[]> {
  const names = [...exercise.matchAll(/import type \{([^}]*)\} from "sim"/g)]
    .flatMap(([, list]) => list!.split(",").map((name) => name.trim())).filter(Boolean);
  const paths = await filesBelow("sim", (path) => !/_test\.ts$|\.scene$/.test(path));
  const found = new Map<string, { place: string; lines: string[] }>();
  for (const path of paths.filter((path) => path.endsWith(".ts"))) {
    const text = await textAt(path);
    for (const name of names) {
      const declared = text.match(
        new RegExp(`^export (?:interface ${name}\\b[^]*?^\\}|type ${name}\\b[^;]*;)`, "m"),
      );
      if (!declared) continue;
      const lines = declared[0].replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, "").split("\n")
        .map((line) => line.replace("export ", "").replace("readonly ", ""));
      found.set(name, { place: `${name}: ${path}:${lineAt(text, declared.index!)}`, lines });
    }
  }
  return names.flatMap((name) => found.get(name) ?? []);
}
