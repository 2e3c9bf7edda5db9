/**
 * The door of the machine: what no program could ask for is refused before anything happens. An address that is mapped by
 * nobody, a process that is not there, a flag that the kernel does not know are asked for every day, and are the
 * operation's to answer; half a page, or a page called NaN, is a slip of whoever wrote the call.
 *
 * @module
 */

import type { Operands } from "../event.ts";

/** What a value must be, in words, and whether it is. */
interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}

const INTEGER: Rule = { must: "a whole number", holds: Number.isInteger };
const WHOLE: Rule = {
  must: "a whole number from 0 to 2^53 - 1",
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
const BYTE: Rule = {
  must: "a byte, 0 to 255",
  holds: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255,
};
/** An `int` or an `unsigned int` of C. */
const BITS: Rule = {
  must: "a whole number of 32 bits",
  holds: (value) =>
    Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 32,
};
const FLAG: Rule = { must: "true or false", holds: (value) => typeof value === "boolean" };
const NAME: Rule = {
  must: "a name",
  holds: (value) => typeof value === "string" && value !== "",
};

function oneOf(...names: readonly string[]): Rule {
  return {
    must: names.map((name) => JSON.stringify(name)).join(" or "),
    holds: (value) => names.includes(value as string),
  };
}

/** What is read at once, in bytes. */
const MOST = 2 ** 30;

const RULES: { readonly [K in keyof Operands]-?: Rule } = {
  pid: INTEGER,
  target: INTEGER,
  child: INTEGER,
  addr: WHOLE,
  to: WHOLE,
  pages: WHOLE,
  length: {
    must: `a whole number from 0 to ${MOST}`,
    holds: (value) => WHOLE.holds(value) && (value as number) <= MOST,
  },
  limit: {
    must: `${WHOLE.must}, or Infinity`,
    holds: (value) => value === Infinity || WHOLE.holds(value),
  },
  prot: BITS,
  flags: BITS,
  advice: BITS,
  gup_flags: BITS,
  fast: FLAG,
  mark: FLAG,
  writable: FLAG,
  fd: INTEGER,
  device: NAME,
  cloexec: FLAG,
  file: oneOf("file", "memfd"),
  disk: oneOf("fuse", "loop"),
  data: {
    must: "text, or bytes from 0 to 255",
    holds: (value) => typeof value === "string" || Array.isArray(value) && value.every(BYTE.holds),
  },
  offset: WHOLE,
  value: BYTE,
  holder: NAME,
  scans: WHOLE,
};

/**
 * Refuses what no program could ask an operation for.
 *
 * @param call the operation's name, for the message
 * @throws RangeError that names the operand, what it is and what it must be
 */
export function assertOperands(call: string, operands: Partial<Operands>): void {
  for (const name in operands) {
    const rule = RULES[name as keyof Operands], value = operands[name as keyof Operands];
    if (rule.holds(value)) continue;
    throw new RangeError(`${call}: ${name} is ${text(value)}, and must be ${rule.must}`);
  }
}

function text(value: unknown): string {
  if (Array.isArray(value)) {
    const at = value.findIndex((byte) => !BYTE.holds(byte));
    return `bytes of which number ${at} is ${text(value[at])}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
