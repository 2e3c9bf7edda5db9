// Stands in for uvu while `deno task test` runs a test file: the same suites, but every test is counted when it is
// declared, and reported by itself. uvu alone can be green without having tested: when a hook throws, when what is
// thrown is no Error, when nobody calls run(), and behind `.only`.

import { suite as uvuSuite } from "uvu";

type Hook = (context: Record<string, unknown>) => unknown;
interface Test {
  (name: string, body: Hook): void;
  [key: string]: unknown;
}

/** What one suite went through. */
export interface Counted {
  title: string;
  declared: string[];
  skipped: string[];
  ended: Map<string, Error | undefined>;
  /** What went wrong outside the tests, in words. */
  wrong: string[];
  ran: boolean;
}

/** Every suite of the file that was given a test. */
export const counted: Counted[] = [];

/** Told of every test as it starts. */
export const listener = { started: (_test: string): void => {} };

export function suite(title = "", context: Record<string, unknown> = {}): Test {
  const real = uvuSuite(title, context) as unknown as Test;
  const count: Counted = {
    title,
    declared: [],
    skipped: [],
    ended: new Map(),
    wrong: [],
    ran: false,
  };
  const test = ((name: string, body: Hook) => {
    if (!counted.includes(count)) counted.push(count);
    if (count.declared.includes(name)) count.wrong.push(`two tests are named "${name}"`);
    count.declared.push(name);
    real(name, async (context) => {
      listener.started(name);
      const error = await failure(() => body(context));
      count.ended.set(name, error);
      if (error) throw error;
    });
  }) as Test;
  const hook = (name: string, register: (hook: Hook) => void) => (body: Hook) =>
    register(async (context) => {
      const error = await failure(() => body(context));
      if (!error) return;
      count.wrong.push(`a hook ${name} threw: ${error.message}`);
      throw error;
    });
  const { before, after } = real as unknown as Record<
    string,
    ((hook: Hook) => void) & { each: (hook: Hook) => void }
  >;
  test.before = Object.assign(hook("before", before!), {
    each: hook("before.each", before!.each),
  });
  test.after = Object.assign(hook("after", after!), { each: hook("after.each", after!.each) });
  test.only = (name: string) => {
    if (!counted.includes(count)) counted.push(count);
    count.wrong.push(`test.only("${name}") hides the other tests`);
  };
  test.skip = (name = "a test without a name") => {
    if (!counted.includes(count)) counted.push(count);
    count.skipped.push(name);
  };
  test.run = () => {
    count.ran = true;
    (real.run as () => void)();
  };
  return test;
}

export const test = suite();

/** Reached only by a file that wants to run its queue itself. */
export function exec(): never {
  throw new Error("exec() is the test runner's: end the file with test.run()");
}

async function failure(body: () => unknown): Promise<Error | undefined> {
  try {
    await body();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
    const text = Object(thrown) === thrown ? "an object" : JSON.stringify(thrown) ?? String(thrown);
    return new Error(`${text} was thrown, which is not an Error`);
  }
}
