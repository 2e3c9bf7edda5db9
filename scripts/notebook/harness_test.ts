import { test } from "uvu";
import * as assert from "uvu/assert";
import { STEPS } from "../../sim/mod.ts";
import { format } from "./format.ts";
import {
  collect,
  countText,
  limits,
  openChapter,
  outputText,
  type Report,
  type Scope,
} from "./harness.ts";

/** What a cell sees, and the marks around it without their key. */
type Marked = Omit<Scope<string>, "__cell" | "__threw"> & {
  __cell(index: number, throws?: string): void;
  __threw(error: unknown): void;
};

/** Runs a body as a chapter would run; gives its results. */
async function run(body: (scope: Marked) => unknown, last?: number) {
  const reports: Report[] = [];
  const chapter = openChapter({
    kernel: "mapcount",
    ...(last === undefined ? {} : { last }),
    post: (report) => reports.push(report),
  });
  const scope = chapter.enter("test", "key");
  const marks = {
    __cell: (index: number, throws?: string) => scope.__cell("key", index, throws),
    __threw: (error: unknown) => scope.__threw("key", error),
  };
  await chapter.run(() => Promise.resolve({ ...scope, ...marks }).then(body));
  return { results: collect(reports), reports, chapter };
}

const view = (text: string, svg?: string) => ({
  [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": svg }),
});

test("values are printed the same everywhere", () => {
  class Point {
    x = 1;
    y = -0;
    #hidden = 2;
    get sum() {
      return this.#hidden;
    }
  }
  const cycle: Record<string, unknown> = { name: "a" };
  cycle.self = cycle;
  const cases: [value: unknown, expected: string][] = [
    ["raw 'text'", "raw 'text'"],
    [["raw 'text'"], `["raw 'text'"]`],
    [1.5, "1.5"],
    [-0, "-0"],
    [10n, "10n"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [[], "[]"],
    // deno-lint-ignore no-sparse-arrays -- a hole is what is shown
    [[1, , 3], "[1, <empty>, 3]"],
    [{ a: 1, "b-c": { d: [true] } }, `{ a: 1, "b-c": { d: [true] } }`],
    [Object.create(null), "{}"],
    [new Map<unknown, unknown>([["k", { v: 1 }]]), `Map(1) { "k" => { v: 1 } }`],
    [new Set([1, "2"]), `Set(2) { 1, "2" }`],
    [new Uint8Array([0, 255]), "Uint8Array(2) [0, 255]"],
    [new TypeError("no"), "[TypeError: no]"],
    [new Point(), "Point { x: 1, y: -0 }"],
    [Point, "[class Point]"],
    [parseInt, "[Function parseInt]"],
    [() => {}, "[Function]"],
    [cycle, `{ name: "a", self: [Circular] }`],
    [{
      get a() {
        throw new Error("never asked");
      },
    }, "{ a: [Getter] }"],
    [/x/g, "/x/g"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [view("a picture"), "a picture"],
    [
      ["a".repeat(40), "b".repeat(40)],
      `[\n  "${"a".repeat(40)}",\n  "${"b".repeat(40)}",\n]`,
    ],
  ];
  for (const [value, expected] of cases) assert.is(format([value]), expected);
  assert.is(format(["a", 1, { b: 2 }]), "a 1 { b: 2 }");
  assert.match(format([Array.from({ length: 1000 }, () => 0)]), "… 900 more");
  const shared = Array.from({ length: 100 }, () => 0) as unknown[];
  let deep: unknown[] = shared;
  for (let level = 0; level < 5; level++) deep = Array.from({ length: 100 }, () => deep);
  assert.ok(format([deep]).length < 2_000_000, "a small object with a huge text is cut off");
});

test("what a cell prints and shows is its own, in order", async () => {
  const { results } = await run(({ console, show, kernel, __cell }) => {
    __cell(0);
    console.log("one", 1);
    show(view("pic\n", "<svg/>"));
    __cell(1);
    __cell(2);
    console.error(kernel);
  });
  assert.equal(results, [
    {
      index: 0,
      items: [{ kind: "text", text: "one 1" }, { kind: "view", text: "pic", svg: "<svg/>" }],
    },
    { index: 1, items: [] },
    { index: 2, items: [{ kind: "text", text: "mapcount" }] },
  ]);
  assert.is(outputText(results[0]), "one 1\npic");
});

test("characters that move a cursor or hide text are spelled out", async () => {
  const { results } = await run(({ console, __cell }) => {
    __cell(0);
    console.log("a\x1b[2Jb\rc\u202ed\ud800\te");
  });
  assert.is(outputText(results[0]), "a\\u001b[2Jb\\u000dc\\u202ed\ufffd\te");
});

test("an error ends the chapter, and the cells after it", async () => {
  const { results } = await run(({ console, __cell }) => {
    __cell(0);
    console.log("before");
    throw Object.assign(new Error("no"), { code: "EFAULT" });
  });
  assert.is(results[0]!.error!.name, "EFAULT");
  assert.is(results[0]!.error!.message, "no");
  assert.is(outputText(results[0]), "before");
  const thrown = await run(({ __cell }) => {
    __cell(0);
    throw { a: 1 };
  });
  assert.is(thrown.results[0]!.error!.message, "threw { a: 1 }");
});

test("a chapter can be stopped after a cell", async () => {
  const { results, reports } = await run(({ console, __cell }) => {
    for (const index of [0, 1, 2]) {
      __cell(index);
      console.log(index);
    }
  }, 1);
  assert.equal(results.map(({ index, error }) => [index, error]), [[0, undefined], [1, undefined]]);
  assert.is(reports.at(-1)!.kind, "end");
});

test("a cell that prints without end is stopped, even if it catches what stops it", async () => {
  for (const [text, count] of [["x", limits.lines], ["x".repeat(1000), 256]] as const) {
    let printed = 0;
    const { results } = await run(({ console, __cell }) => {
      __cell(0);
      for (let line = 0; line < 1_000_000; line++) {
        try {
          console.log(text);
          printed++;
        } catch {
          if (line > 2 * count) break;
        }
      }
      __cell(1);
      console.log("never");
    });
    assert.is(printed, count);
    assert.is(results.length, 1);
    assert.is(results[0]!.error!.name, "PrintedTooMuch");
  }
});

test("the limit is each cell's own", async () => {
  const { results } = await run(({ console, __cell }) => {
    for (const index of [0, 1]) {
      __cell(index);
      for (let line = 0; line < limits.lines; line++) console.log(line);
    }
  });
  assert.equal(results.map(({ error }) => error), [undefined, undefined]);
});

test("printing after the last cell is an error", async () => {
  const { reports } = await run(({ console, __cell }) => {
    __cell(0);
    setTimeout(() => console.log("late"), 1);
  });
  await new Promise((resolve) => setTimeout(resolve, 10)).catch(() => {});
  const last = reports.at(-1)!;
  assert.is(last.kind === "error" && last.error.name, "PrintedTooLate");
});

test("a cell that must throw does, throws that, and prints it", async () => {
  const cell = (error: unknown) =>
    run((scope) => {
      scope.__cell(0, "EFAULT");
      try {
        if (error) throw error;
      } catch (error) {
        scope.__threw(error);
      }
      scope.__cell(1);
    });
  const coded = Object.assign(new Error("no VMA"), { name: "Errno", code: "EFAULT" });
  assert.is(outputText((await cell(coded)).results[0]), "Errno: no VMA");
  assert.is((await cell(coded)).results.length, 2);
  assert.is((await cell(new RangeError("r"))).results[0]!.error!.name, "RangeError");
  const nothing = await cell(undefined);
  assert.is(nothing.results[0]!.error!.name, "ThrewNothing");
  assert.is(nothing.results.length, 1);
});

test("a film comes with its pictures", async () => {
  const one = { text: "1", svg: "<svg/>", verdicts: ["whole"] };
  const film = [{ operation: "one\x1b", reasons: ["why\x1b"], ...one }];
  const { results } = await run(({ show, __cell }) => {
    __cell(0);
    show({
      [Symbol.for("Jupyter.display")]: () => ({
        "text/plain": "all",
        "image/svg+xml": "<svg/>",
        [STEPS]: JSON.stringify(film),
      }),
    });
  });
  assert.equal(results[0]!.items, [{
    kind: "view",
    text: "all",
    svg: "<svg/>",
    steps: [{ operation: "one\\u001b", reasons: ["why\\u001b"], ...one }],
  }]);
});

test("count() records whole numbers by name, once each in a cell", async () => {
  const { results } = await run(({ count, __cell }) => {
    __cell(0);
    count("lost", 3, 20);
    count("all", 0);
    __cell(1);
    count("lost", 1);
  });
  assert.equal(results.map(({ counts }) => counts), [
    { lost: { value: 3, of: 20 }, all: { value: 0 } },
    { lost: { value: 1 } },
  ]);
  assert.equal(Object.values(results[0]!.counts!).map(countText), ["3 of 20", "0"]);
  const cases: [args: [string, number, number?], expected: string][] = [
    [["Lost", 1], 'count() takes a name such as "lost": not ["Lost"]'],
    [["__proto__", 1], "count() takes a name"],
    [["lost", 1.5], 'count("lost") takes whole numbers: not 1.5'],
    [["lost", 1, -1], 'count("lost") takes whole numbers: not -1'],
    [["twice", 1], 'count() has counted "twice" in this cell'],
  ];
  for (const [args, expected] of cases) {
    const { results } = await run(({ count, __cell }) => {
      __cell(0);
      count("twice", 1);
      count(...args);
    });
    assert.match(results[0]!.error!.message, expected);
  }
});

test("show() takes a view and nothing else", async () => {
  const { results } = await run(({ show, __cell }) => {
    __cell(0);
    show({});
  });
  assert.match(results[0]!.error!.message, "show() takes a view");
});

test("show() refuses a view that answers no texts", async () => {
  for (const part of ["text/plain", "image/svg+xml", STEPS]) {
    const { results } = await run(({ show, __cell }) => {
      __cell(0);
      const mime = { "text/plain": "x", "image/svg+xml": "<svg/>", [part]: { length: 1 } };
      show({ [Symbol.for("Jupyter.display")]: () => mime });
    });
    assert.match(results[0]!.error!.message, "takes a view that answers texts", part);
    assert.equal(results[0]!.items, []);
  }
});

test("what is thrown is told in a size that can be told, whatever it is", async () => {
  const thrown: [error: unknown, said: RegExp][] = [
    [new Error("a".repeat(1e7)), /^a{10000}$/],
    ["a".repeat(1e7), /^threw a{9994}$/],
    [
      new Proxy(new Error("x"), {
        get() {
          throw 1;
        },
        getPrototypeOf() {
          throw 2;
        },
      }),
      /^threw something that cannot be read$/,
    ],
  ];
  for (const [error, said] of thrown) {
    const { results, reports } = await run(({ __cell }) => {
      __cell(0);
      throw error;
    });
    assert.match(results[0]!.error!.message, said);
    assert.is(reports.at(-1)!.kind, "end");
  }
  const { results } = await run(({ count, __cell }) => {
    __cell(0);
    count("a".repeat(65), 1);
  });
  assert.match(results[0]!.error!.message, "takes a name such as");
});

test.run();
