// The operations of a scene by the shape of their arguments: what the random generator may change in a line, and what the
// shrinker may make smaller. The shapes, and what an operation needs of a real kernel, are those of the machine's own table.

import { type Ability, type Kind, operations, WORDS } from "../../sim/mod.ts";

/** What an argument of an operation is. */
export type Part = Exclude<Kind, "how" | "access" | "reader">;

const inScenes = new Map(
  operations.flatMap(({ scene }) => scene ? [[scene.word, scene] as const] : []),
);
const shapes = new Map([...inScenes].map(([word, { words }]) => [word, words.flatMap(partsOf)]));

function partsOf(kind: Kind): Part[] {
  if (kind === "how" || kind === "access") return []; // there may be none of these
  return [kind === "reader" ? "pipe" : kind];
}

/** What the arguments of an operation are, in their order; undefined where it is none that a scene has. */
export function shapeOf(op: string): readonly Part[] | undefined {
  return shapes.get(op);
}

/** A line of a scene in its words; `shape` is undefined where it is no operation, or words are missing. */
export interface Operation {
  /** `P0`, or `*`. */
  who: string;
  op: string;
  args: string[];
  shape: readonly Part[] | undefined;
}

/** Cuts a line into its words. */
export function readOperation(line: string): Operation {
  const [who = "", op = "", ...args] = line.trim().split(/\s+/);
  const shape = shapeOf(op);
  return { who, op, args, shape: shape && args.length >= shape.length ? shape : undefined };
}

/** The line again. */
export function lineOf({ who, op, args }: Pick<Operation, "who" | "op" | "args">): string {
  return [who, op, ...args].join(" ");
}

/** `a3+64`, a byte of a page, or `a`, the first of a region, in its parts; `plus` is `+64`, or empty. */
export function readPage(page: string): { region: string; index: number; plus: string } {
  const [, region = "a", index = "0", plus = ""] = page.match(/^([a-z])(\d*)(\+\d+)?$/) ?? [];
  return { region, index: Number(index), plus };
}

/** The first argument that is a `part`, or undefined. */
export function argument({ shape, args }: Operation, part: Part): string | undefined {
  const at = shape?.indexOf(part) ?? -1;
  return at < 0 ? undefined : args[at];
}

/** What of a probe's abilities a line needs; undefined for what every kernel has. */
export function abilityOf(line: string): Ability | undefined {
  const { op, args } = readOperation(line), scene = inScenes.get(op);
  if (!scene || scene.needs) return scene?.needs;
  const needs = scene.words.map((kind, i) =>
    kind in WORDS ? WORDS[kind as keyof typeof WORDS][args[i] ?? ""]?.needs : undefined
  );
  return needs.find((need) => need !== undefined);
}
