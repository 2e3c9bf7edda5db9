// Makes a scene that shows a difference as short and as plain as it can be: fewer lines, then fewer processes and regions,
// smaller counts, pages and values. Each round tries every step at once, since the probe answers hundreds in a blink.

import { lineOf, type Operation, type Part, readOperation, readPage } from "./operation.ts";

type Lines = readonly string[];

/** Does a scene still show what is looked for? Answered for many at once. */
export type StillShows = (candidates: readonly Lines[]) => Promise<readonly boolean[]>;

/** The most candidates of one question: a machine with slow operations should not answer thousands at once. */
const BATCH = 100;

/**
 * The smallest scene that is found by making `lines` smaller one step after the other.
 *
 * @param lines a scene that shows it
 * @param shows must answer the same when it is asked again
 */
export async function shrink(lines: Lines, shows: StillShows): Promise<Lines> {
  let small = await fewerLines(lines, shows);
  for (;;) {
    const step = await firstThatShows(plainer(small), shows);
    if (!step) {
      const shorter = await fewerLines(small, shows);
      if (shorter.length === small.length) return small;
      small = shorter;
    } else small = step;
  }
}

/** Leaves out pieces: halves, quarters, and in the end single lines, then pairs that only go together. */
async function fewerLines(lines: Lines, shows: StillShows): Promise<Lines> {
  let small = lines;
  for (let piece = small.length >> 1; piece >= 1;) {
    const starts = Array.from({ length: Math.ceil(small.length / piece) }, (_, i) => i * piece);
    const without = starts.map((at) => small.toSpliced(at, piece));
    const found = await firstThatShows(without.filter(({ length }) => length > 0), shows);
    if (found) {
      small = found;
      piece = Math.min(piece, Math.max(small.length >> 1, 1));
    } else piece >>= 1;
  }
  const pair = small.length > 2 && await firstThatShows(pairs(small), shows);
  return pair ? fewerLines(pair, shows) : small;
}

/** The scene without any two of its lines. */
function pairs(lines: Lines): Lines[] {
  return lines.flatMap((_, one) =>
    lines.slice(one + 1).map((_, i) => lines.toSpliced(one + 1 + i, 1).toSpliced(one, 1))
  );
}

async function firstThatShows(candidates: Lines[], shows: StillShows): Promise<Lines | undefined> {
  for (let at = 0; at < candidates.length; at += BATCH) {
    const batch = candidates.slice(at, at + BATCH);
    const found = (await shows(batch)).indexOf(true);
    if (found >= 0) return batch[found];
  }
}

/** Every scene that is one step plainer, the boldest steps first. Every step makes some name or number smaller, so they end. */
function plainer(lines: Lines): Lines[] {
  const operations = lines.map(readOperation);
  const whole = lines.join("\n");
  const steps = [
    ...merged(operations, "process"),
    ...merged(operations, "region"),
    ...["ring", "pipe"].flatMap((part) => merged(operations, part as Part)),
    ...moved(operations),
    ...operations.flatMap((operation, at) =>
      smaller(operation).map((line) => lines.toSpliced(at, 1, line))
    ),
  ];
  return steps.filter((step) => step.length > 0 && step.join("\n") !== whole);
}

/** A name becomes an earlier one throughout: P2 becomes P1, region b becomes a; a fork of itself goes. */
function merged(operations: readonly Operation[], part: Part): Lines[] {
  const names = [...new Set(operations.flatMap((one) => namesIn(one, part)))].sort();
  const first = { process: "P0", region: "a" }[part as string] ?? "0";
  return names.flatMap((name) =>
    [...new Set([first, ...names])].filter((other) => other < name).map((other) =>
      operations.map((one) => lineOf(renamed(one, part, name, other)))
        .filter((line) => !/^(P\d) fork \1$/.test(line))
    )
  );
}

function namesIn({ who, shape, args }: Operation, part: Part): string[] {
  const names = args.flatMap((arg, i) => {
    if (part === "region" && shape?.[i] === "page") return [arg[0]!];
    return shape?.[i] === part ? [arg] : [];
  });
  return part === "process" && who !== "*" ? [who, ...names] : names;
}

function renamed(operation: Operation, part: Part, from: string, to: string): Operation {
  const { who, shape, args } = operation;
  return {
    ...operation,
    who: part === "process" && who === from ? to : who,
    args: args.map((arg, i) => {
      if (part === "region" && shape?.[i] === "page" && arg[0] === from) return to + arg.slice(1);
      return shape?.[i] === part && arg === from ? to : arg;
    }),
  };
}

/** All pages of a region move down, by as much as it has unused below them, or by one. */
function moved(operations: readonly Operation[]): Lines[] {
  const pages = operations.flatMap(({ shape, args }) =>
    args.filter((_, i) => shape?.[i] === "page")
  );
  return [...new Set(pages.map((page) => page[0]!))].flatMap((region) => {
    const own = pages.map(readPage).filter((page) => page.region === region);
    const lowest = Math.min(...own.map(({ index }) => index));
    return [...new Set([lowest, 1])].filter((by) => by > 0).map((by) =>
      operations.map((one) =>
        lineOf({
          ...one,
          args: one.args.map((arg, i) => {
            if (one.shape?.[i] !== "page" || arg[0] !== region) return arg;
            const { index, plus } = readPage(arg);
            return `${region}${Math.max(index - by, 0)}${plus}`;
          }),
        })
      )
    );
  });
}

/** One operation with one argument smaller. */
function smaller(operation: Operation): string[] {
  const { shape, args } = operation;
  return (shape ?? []).flatMap((part, i) =>
    smallerArguments(part, args[i]!).map((arg) =>
      lineOf({ ...operation, args: args.toSpliced(i, 1, arg) })
    )
  );
}

function smallerArguments(part: Part, text: string): string[] {
  const less = (value: number, least: number) =>
    [...new Set([least, value >> 1, value - 1])].filter((one) => one >= least && one < value);
  switch (part) {
    case "count":
    case "value":
      return less(Number(text), 1).map(String);
    case "index":
      return less(Number(text), 0).map(String);
    case "page": {
      const { region, index, plus } = readPage(text);
      const nearer = less(index, 0).map((at) => `${region}${at}${plus}`);
      return plus ? [`${region}${index}`, ...nearer] : nearer;
    }
    case "memory":
      return text === "priv" ? [] : ["priv"];
    default:
      return [];
  }
}
