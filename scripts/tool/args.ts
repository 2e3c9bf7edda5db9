// What a person types behind `deno task NAME`, read and refused in the same words by every task.

import { parseArgs } from "@std/cli/parse-args";
import { didYouMean, noSuch } from "./nearest.ts";
import { Problem } from "./problem.ts";
import { say, terminalColumns, withoutDeno } from "./terminal.ts";
import { fitted } from "./text.ts";

/** What a task can be asked for. */
export interface Understood<Switch extends string, Value extends string, List extends string> {
  /** As it is called: `kata`. */
  readonly task: string;
  /** What `--help` says. */
  readonly help: string;
  /** Options that are there or not. */
  readonly switches?: readonly Switch[];
  /** Options with a value, of which the last counts. */
  readonly values?: readonly Value[];
  /** Options with a value, of which every one counts. */
  readonly lists?: readonly List[];
  /** Those of `values` that may stand without one, and are "" then. */
  readonly bare?: readonly Value[];
  /** How many words may stand beside the options; any number, unless told. */
  readonly words?: number;
}

/** What was typed. */
export type Typed<Switch extends string, Value extends string, List extends string> =
  & { words: string[] }
  & Record<Switch, boolean>
  & Record<Value, string | undefined>
  & Record<List, string[]>;

/**
 * Reads arguments.
 *
 * @returns what was typed; undefined where somebody asked for help, which is then said
 * @throws Problem for what the task does not understand, with what is near
 */
export function readArguments<
  const Switch extends string = never,
  const Value extends string = never,
  const List extends string = never,
>(
  args: readonly string[],
  understood: Understood<Switch, Value, List>,
): Typed<Switch, Value, List> | undefined {
  const { task, help, switches = [], values = [], lists = [], bare = [], words = Infinity } =
    understood;
  const more = `deno task ${task} --help`;
  const parsed = parseArgs([...args], {
    boolean: ["help", ...switches],
    string: ["_", ...values, ...lists],
    collect: lists,
    alias: { h: "help" },
    unknown(typed, key) {
      if (key === undefined) return;
      const known = [...switches, ...values, ...lists, "help"];
      const remedy = didYouMean(key, known, (name) => `--${name}`, more);
      throw new Problem(`there is no option ${typed.replace(/=.*/s, "")}`, { remedy });
    },
  });
  if (parsed.help) {
    const columns = terminalColumns();
    return void say(...fitted(help, columns), ...withoutDeno(columns));
  }
  const empty = values.find((name) => parsed[name] === "" && !bare.includes(name)) ??
    lists.find((name) => (parsed[name] as string[]).includes(""));
  if (empty) throw new Problem(`--${empty} wants a value`, { remedy: more });
  const typed = parsed._.map(String);
  if (typed.length > words) {
    throw new Problem(`"${typed[words]}" is one word too many`, { remedy: more });
  }
  return { ...parsed, words: typed } as unknown as Typed<Switch, Value, List>;
}

/** The one of `names` that was typed. @throws Problem for a name that is none, with what is near */
export function oneOf<Name extends string>(
  what: string,
  typed: string,
  names: readonly Name[],
): Name {
  const found = names.find((name) => name === typed);
  if (found !== undefined) return found;
  throw noSuch(what, typed, names);
}

/** The number that was typed behind an option; undefined where it was not. @throws Problem where it is none */
export function wholeNumber(
  option: string,
  typed: string | undefined,
  { least = 0, most }: { least?: number; most?: number } = {},
): number | undefined {
  if (typed === undefined) return undefined;
  const value = Number(typed);
  if (/^\d+$/.test(typed) && value >= least && value <= (most ?? 2 ** 32 - 1)) return value;
  throw new Problem(`--${option} wants a whole number, and not "${typed}"`, {
    remedy: most === undefined ? `At least ${least}, below 2^32` : `From ${least} to ${most}`,
  });
}
