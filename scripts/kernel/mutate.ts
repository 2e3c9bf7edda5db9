// Changes a known scene a little: what is one step from where kernels are known to differ is where they differ again.

import { drawOperation, type Theme, writeProtected } from "./draw.ts";
import type { Dice } from "./dice.ts";
import { lineOf, type Operation, readOperation, readPage } from "./operation.ts";
import { World } from "./world.ts";

type Change = "insert" | "delete" | "duplicate" | "swap" | "alter" | "protect" | "graft";

/** How often each change is drawn. */
const CHANGES: Record<Change, number> = {
  insert: 4,
  delete: 2,
  duplicate: 1,
  swap: 2,
  alter: 4,
  protect: 4,
  graft: 1,
};
/** What is inserted anywhere; the other themes need abilities that a known scene brings with it. */
const INSERTED: readonly Theme[] = ["uring", "pipes", "protect", "advice", "places", "force"];

/** The scene with one to three changes; `other` is where a second half may come from. */
export function mutated(lines: readonly string[], other: readonly string[], dice: Dice): string[] {
  const changed = [...lines];
  const times = 1 + dice.below(3);
  for (let i = 0; i < times; i++) change(changed, other, dice);
  return changed;
}

function change(lines: string[], other: readonly string[], dice: Dice): void {
  // The first line maps what the rest needs.
  const at = 1 + dice.below(Math.max(lines.length - 1, 1));
  const line = lines[at] ?? "";
  switch (dice.weighted(CHANGES)) {
    case "insert":
      lines.splice(at, 0, ...drawOperation(worldAt(lines, at), [dice.pick(INSERTED)], dice));
      return;
    case "protect": {
      const world = worldAt(lines, at), who = dice.pick([...world.live.keys(), "P0"]);
      const page = dice.pick([...world.live.get(who)?.keys() ?? [], "a0"].slice(0, 4));
      lines.splice(at, 0, ...writeProtected(who, page, 1 + dice.below(99)));
      return;
    }
    case "delete":
      lines.splice(at, 1);
      return;
    case "duplicate":
      lines.splice(at + dice.below(3), 0, line);
      return;
    case "swap": {
      const with_ = 1 + dice.below(Math.max(lines.length - 1, 1));
      [lines[at], lines[with_]] = [lines[with_] ?? line, line];
      return;
    }
    case "alter":
      lines[at] = lineOf(altered(readOperation(line), dice));
      return;
    case "graft":
      lines.splice(at + 1, lines.length, ...other.slice(1 + dice.below(other.length)));
  }
}

function worldAt(lines: readonly string[], at: number): World {
  const world = new World();
  for (const line of lines.slice(0, at)) world.step(line);
  if (world.live.size === 0) return new World();
  return world;
}

/** The operation with another process, or another argument. */
function altered(operation: Operation, dice: Dice): Operation {
  const { shape, args } = operation;
  const at = dice.below((shape?.length ?? 0) + 1) - 1;
  if (!shape || at < 0) {
    const other = operation.who === "*" ? "*" : dice.pick(["P0", "P1", "P2"]);
    return { ...operation, who: other };
  }
  const changed = [...args];
  changed[at] = another(shape[at]!, args[at]!, dice);
  return { ...operation, args: changed };
}

function another(part: string, text: string, dice: Dice): string {
  switch (part) {
    case "page": {
      const { region, index, plus } = readPage(text);
      return `${region}${Math.max(index + dice.pick([-1, 1, 1, 2]), 0)}${plus}`;
    }
    case "count":
      return String(Math.max(Number(text) + dice.pick([-1, 1, 2]), 1));
    case "value":
      return String(1 + dice.below(99));
    case "process":
      return dice.pick(["P1", "P2", "P3"]);
    case "ring":
    case "pipe":
      return String(dice.below(2));
    case "index":
      return String(dice.below(3));
    case "memory":
      return dice.pick(["priv", "shared", "pfile", "sfile"]);
    case "protection":
      return dice.pick(["r", "rw", "none"]);
    case "advice":
      return dice.pick(["dontfork", "dofork", "wipeonfork", "dontneed", "populate_write", "free"]);
    default:
      return text;
  }
}
