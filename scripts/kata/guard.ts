// Stands between a suite and the learner's functions. It knows how the exercise declares them, so that what is no answer at
// all, a promise, nothing, an error where a value is due, is told as that and not as a story of the kernel; and it knows
// which of them was asked last.

import type { Signature } from "./source.ts";

/** A function is not of the exercise's kind: nothing that a suite could ask would make sense. */
export class Mistyped extends Error {
  override name = "Mistyped";
  readonly asked: string;
  constructor(asked: string, message: string) {
    super(message);
    this.asked = asked;
  }
}

/** What a suite's failure looks like to whoever tells it, without a story. */
class NoAnswer extends Error {
  override name = "NoAnswer";
  readonly code = "ERR_ASSERTION";
}

/**
 * The module with its functions guarded.
 *
 * @param asks is told which function is asked, each time
 * @throws Mistyped for what is no function of the exercise's kind
 */
export function guarded(
  module: Readonly<Record<string, unknown>>,
  signatures: readonly Signature[],
  asks: (name: string) => void,
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...module };
  for (const signature of signatures) {
    all[signature.name] = guard(module[signature.name], signature, asks);
  }
  return all;
}

function guard(given: unknown, signature: Signature, asks: (name: string) => void): unknown {
  const { name, parameters, answers } = signature;
  const mistyped = (what: string) => new Mistyped(name, `${name} ${what}`);
  if (typeof given !== "function") throw mistyped("is no function, and the exercise's is one");
  const kind = Object.getPrototypeOf(given).constructor.name;
  if (kind !== "Function") {
    const is = kind === "AsyncFunction" ? "is async: it answers a promise" : "is a generator";
    throw mistyped(`${is}, and is to answer ${answers}`);
  }
  if (given.length > parameters) {
    throw mistyped(`takes ${given.length} parameters, and is given ${parameters}`);
  }
  function guarding(this: unknown, ...operands: unknown[]): unknown {
    asks(name);
    let answer: unknown;
    try {
      answer = Reflect.apply(given as () => unknown, this, operands);
    } catch (error) {
      if (signature.throws || !isErrno(error)) throw error;
      const code = `${error.code ?? "of your own"}`;
      throw noAnswer(
        error,
        `${name}() threw the Errno ${code}, and is to answer ${answers}: return a value`,
      );
    }
    if (isKind(answer, answers)) return answer;
    const what = answer === undefined ? "nothing" : told(answer);
    const look = answer === undefined ? ": is a `return` missing?" : "";
    throw noAnswer(undefined, `${name}() answered ${what}, and is to answer ${answers}${look}`);
  }
  // A suite may look at it as at the function itself.
  Object.defineProperty(guarding, "name", { value: name });
  Object.defineProperty(guarding, "toString", { value: () => String(given) });
  return guarding;
}

/** With the stack of what was thrown, which names the learner's line. */
function noAnswer(thrown: Error | undefined, message: string): NoAnswer {
  const error = new NoAnswer(message);
  if (thrown?.stack) Object.defineProperty(error, "stack", { value: thrown.stack });
  return error;
}

function isErrno(error: unknown): error is Error & { code?: unknown } {
  return error instanceof Error && error.constructor.name === "Errno";
}

/** Is an answer of the type, as far as can be seen from outside? What is declared otherwise is an object of some kind. */
function isKind(answer: unknown, type: string): boolean {
  const is: string = typeof answer;
  if (["boolean", "number", "string"].includes(type)) return is === type;
  if (type === "void") return true;
  if (answer instanceof Promise) return false;
  if (type.endsWith("[]")) return Array.isArray(answer);
  return Object(answer) === answer;
}

function told(answer: unknown): string {
  if (answer instanceof Promise) return "a promise";
  if (Array.isArray(answer)) return "a list";
  if (typeof answer === "string") return JSON.stringify(answer);
  return Object(answer) === answer ? `a ${typeof answer}` : String(answer);
}
