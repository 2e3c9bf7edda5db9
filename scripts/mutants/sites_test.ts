import { test } from "uvu";
import * as assert from "uvu/assert";
import { applied, mutantsOf } from "./sites.ts";

const path = "sim/mm/toy.ts";

/** What the mutants of a source show, a line each. */
function shown(source: string, file = path): string[] {
  return mutantsOf(file, source).map(({ operator, was, becomes }) =>
    `${operator}: ${was} → ${becomes}`
  );
}

test("mutantsOf() negates what if, while, do, for and ?: ask", () => {
  assert.equal(shown("if (a) b();"), ["negate: a → !(a)"]);
  assert.equal(shown("while ((a & b)) c();"), ["negate: a & b → !(a & b)"]);
  assert.equal(shown("do c(); while (!a);"), ["negate: !a → a"]);
  assert.equal(shown("for (const x = f(); x.next; x.go()) c();"), ["negate: x.next → !(x.next)"]);
  assert.equal(shown("for (;;) c(); for (const x of y) c();"), []);
  assert.equal(shown("const x = a ? b : c;"), ["negate: a → !(a)"]);
});

test("mutantsOf() negates each operand of && and ||, a chain once, and no value", () => {
  assert.equal(shown("x = a && b && !c;"), [
    "negate: a → !(a)",
    "negate: b → !(b)",
    "negate: !c → c",
  ]);
  assert.equal(
    shown("x = a && b || c;"),
    [
      "negate: a → !(a)",
      "negate: a && b → !(a && b)",
      "negate: b → !(b)",
      "negate: c → !(c)",
    ].sort((one, other) => shownFrom(one) - shownFrom(other)),
  );
  assert.equal(shown(`x = a || "nothing";`), ["negate: a → !(a)"]);
  assert.equal(shown("x = a ?? b;"), []);
});

/** Where in `x = a && b || c` an expected line begins; the shorter first. */
function shownFrom(line: string): number {
  const was = line.replace("negate: ", "").split(" → ")[0]!;
  return "x = a && b || c".indexOf(was) * 100 + was.length;
}

test("mutantsOf() negates the predicate of filter, some, every and find", () => {
  for (const method of ["filter", "some", "every", "find", "findLast"]) {
    assert.equal(shown(`xs.${method}((x) => x.ok);`), ["negate: x.ok → !(x.ok)"]);
  }
  assert.equal(shown("xs.map((x) => x.ok); xs.filter((x) => { return x.ok; }); xs.filter(f);"), []);
});

test("mutantsOf() swaps comparisons, and an equality is not negated a second time", () => {
  assert.equal(shown("if (a < b) c();"), ["negate: a < b → !(a < b)", "compare: a < b → a <= b"]);
  assert.equal(shown("if (a === b) c();"), ["compare: a === b → a !== b"]);
  assert.equal(shown("if (!(a !== b)) c();"), ["compare: a !== b → a === b"]);
  assert.equal(shown("x = [a <= b, a > b, a >= b, a == b, a != b];"), [
    "compare: a <= b → a < b",
    "compare: a > b → a >= b",
    "compare: a >= b → a > b",
    "compare: a == b → a != b",
    "compare: a != b → a == b",
  ]);
  assert.equal(shown("x = a instanceof B; y = a in b; z = a << b;"), []);
});

test("mutantsOf() makes integers one more and one less, in their own writing", () => {
  assert.equal(shown("const x = 16;"), [
    "number: const x = 16; → const x = 17;",
    "number: const x = 16; → const x = 15;",
  ]);
  assert.equal(shown("f(0x10);"), ["number: f(0x10) → f(0x11)", "number: f(0x10) → f(0xf)"]);
  assert.equal(shown("x = y + 1_000;"), [
    "number: y + 1_000 → y + 1001",
    "number: y + 1_000 → y + 999",
  ]);
  assert.equal(shown("x = 1n << y;"), ["number: 1n << y → 2n << y", "number: 1n << y → 0n << y"]);
  assert.equal(shown("x = y -0;"), ["number: y -0 → y -1", "number: y -0 → y -(-1)"]);
  assert.equal(shown("x = 0.5 + 1e3;"), []);
});

test("mutantsOf() leaves positions, keys and Linux's constants alone", () => {
  assert.equal(shown("x = [y[0], y.at(-1), { 3: y }];"), []);
  assert.equal(shown("export const VM_READ = 0x1, FOLL_GET = 1 << 1;", "sim/uapi.ts"), []);
  assert.is(shown("export const VM_READ = 0x1;").length, 2);
  assert.is(shown("export function f() { return 1; }", "sim/uapi.ts").length, 2);
});

test("mutantsOf() drops what is emitted, wherever the call stands", () => {
  assert.equal(shown("function f(m) { m.emit({ type }); }"), [
    "emit: m.emit({ type }) → undefined",
  ]);
  assert.equal(shown("const f = () => this.m.emit(e);"), ["emit: this.m.emit(e) → undefined"]);
  assert.equal(shown("emit(e); m.omit(e);"), []);
});

test("mutantsOf() finds nothing in types", () => {
  assert.equal(
    shown(`import { a } from "b";
type A<T = 1> = T extends 2 ? 3 : 4;
interface B { c: 5; d?: 6 }
declare const e: 7;
const f: 8 | 9 = (g as 10) satisfies 11;
h<12>(i as typeof j[13]);
function k(this: 14, l: 15): l is 16 { return l; }
class M { n!: 17; o(): asserts this is 18 {} }`),
    [],
  );
});

test("mutantsOf() tells line, column and the function around, and applied() makes the change", () => {
  const source =
    "class A {\n  #m(a: 1) {\n    return a\n      < b;\n  }\n}\nconst c = () => d > 1;\n";
  const places = mutantsOf(path, source).map(({ line, column, inside, was }) =>
    `${line}:${column} ${inside}: ${was}`
  );
  assert.equal(places, ["4:7 #m: a < b", "7:19 c: d > 1", "7:21 c: d > 1", "7:21 c: d > 1"]);
  assert.is(applied(source, mutantsOf(path, source)[0]!), source.replace("< b", "<= b"));
});

test("mutantsOf() tells what must be called before a mutant matters", () => {
  const source = `const a = b < c, d = () => b < c;
class E { f = 1; g(h = 2) { return [].map(() => 3); } get #i() { return 4; } constructor() { j(5); } }
export function* k() { function l() { return 6; } yield 7; }`;
  const found = mutantsOf(path, source).map(({ inside, called }) => `${inside} ${called}`);
  assert.equal([...new Set(found)], [
    ...["a false", " false", "g true", "#i true", "constructor false", "l true", "k true"],
  ]);
});

test("a long expression is shown by its line", () => {
  const long = "a + ".repeat(40);
  assert.equal(shown(`x = [\n  ${long}b,\n  1,\n];`), ["number: 1, → 2,", "number: 1, → 0,"]);
});

test.run();
