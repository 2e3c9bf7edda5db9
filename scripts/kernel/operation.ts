// The operations of a scene by the shape of their arguments: what the random generator may change in a line, and what the
// shrinker may make smaller. A line of another shape is left as it is.

/** What an argument of an operation is. */
export type Part =
  | "page"
  | "region"
  | "count"
  | "process"
  | "value"
  | "ring"
  | "index"
  | "pipe"
  | "memory"
  | "protection"
  | "advice"
  | "file";

const SHAPES: Record<string, readonly Part[]> = {
  mmap: ["region", "count", "memory"],
  munmap: ["page", "count"],
  mremap: ["page", "count", "page"],
  mlock: ["page", "count"],
  munlock: ["page", "count"],
  mprot: ["page", "count", "protection"],
  madv: ["page", "count", "advice"],
  w: ["page", "value"],
  r: ["page"],
  mw: ["page", "value"],
  mr: ["page"],
  cr: [],
  fork: ["process"],
  vfork: ["process"],
  spawn: ["process"],
  exec: [],
  exit: [],
  pin: ["page", "count", "ring"],
  vms: ["page", "pipe"],
  dw: ["page", "count", "file"],
  dr: ["page", "count", "file"],
  gr: ["ring", "index"],
  gw: ["ring", "index", "value"],
  unpin: ["ring"],
  pr: ["pipe"],
  dwend: [],
  drend: ["value"],
  vmread: ["page", "process", "pipe"],
  vmend: ["pipe"],
  snap: ["page", "count"],
  ksm: [],
  unksm: [],
  settle: [],
};

/** A line of a scene in its words; `shape` is undefined where it is none of the operations above. */
export interface Operation {
  /** `P0`, or `*`. */
  who: string;
  op: string;
  args: string[];
  shape: readonly Part[] | undefined;
}

/** What the arguments of an operation are, in their order; undefined where it is none of the operations above. */
export function shapeOf(op: string): readonly Part[] | undefined {
  return Object.hasOwn(SHAPES, op) ? SHAPES[op] : undefined;
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

/** `a3+64`, a byte of a page, in its parts; `plus` is `+64`, or empty. */
export function readPage(page: string): { region: string; index: number; plus: string } {
  const [, region = "a", index = "0", plus = ""] = page.match(/^([a-z])(\d+)(\+\d+)?$/) ?? [];
  return { region, index: Number(index), plus };
}

/** The first argument that is a `part`, or undefined. */
export function argument({ shape, args }: Operation, part: Part): string | undefined {
  const at = shape?.indexOf(part) ?? -1;
  return at < 0 ? undefined : args[at];
}

/** What of a probe's abilities a line needs; undefined for what every kernel has. */
export function abilityOf(line: string): string | undefined {
  const { op, args } = readOperation(line);
  switch (op) {
    case "pin":
    case "gr":
    case "gw":
    case "unpin":
      return "uring";
    case "dw":
    case "dr":
      return args[2];
    case "cr":
      return "softdirty";
    case "ksm":
    case "unksm":
      return "ksm";
    case "mmap":
      return args[2] === "hugetlb" ? "hugetlb" : undefined;
    case "vmread":
    case "vmend":
      return "fuse";
    case "madv":
      return { mergeable: "ksm", unmergeable: "ksm", pageout: "swap", hugepage: "thp" }[
        args[2] ?? ""
      ];
  }
}
