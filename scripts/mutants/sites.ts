// Finds what the simulator decides, in the syntax tree of its files, and says how each decision could be another one.
//
// The operators, and nothing else: `negate` a condition, `compare` otherwise (`<` as `<=`, `===` as `!==`), a `number` one
// more or one less, an `emit` that is dropped. What stands in types decides nothing. Nor do these numbers count: an
// index (`row[1]`, `row.at(-1)`), a key, and the constants of sim/uapi.ts and sim/errno.ts, whose values are Linux's.

import { parser } from "@lezer/javascript";

/** What kind of change a mutant is. */
export type Operator = "negate" | "compare" | "number" | "emit";

/** One decision made otherwise: a file with the text from `from` to `to` replaced. */
export interface Mutant {
  path: string;
  /** Line and column of the change, counted from 1. */
  line: number;
  column: number;
  /** The function or the constant that it is in; empty outside of any. */
  inside: string;
  /** Whether `inside` is a function or a method that must be called before it matters. */
  called: boolean;
  operator: Operator;
  from: number;
  to: number;
  text: string;
  /** What a person is shown: the expression around the change, on one line, before and after. */
  was: string;
  becomes: string;
}

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly parent: Node | null;
  readonly firstChild: Node | null;
  readonly lastChild: Node | null;
  readonly nextSibling: Node | null;
  getChild(name: string): Node | null;
}

const typescript = parser.configure({ dialect: "ts" });

/** Names of nodes that hold types, or only names. */
const TYPES = /^Type|Type$|^(?:Interface|Ambient|Import)Declaration$/;
/** Where the numbers are Linux's, outside of functions. */
const TABLES = /^sim\/(?:uapi|errno)\.ts$/;
const FUNCTIONS = /^(?:Function|Method)Declaration$|^(?:ArrowFunction|FunctionExpression)$/;
const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
};
/** Methods that ask a predicate. */
const ASKING = new Set([
  ...["filter", "some", "every", "find", "findIndex", "findLast", "findLastIndex"],
]);
/** An operand of `||` and `&&` that is a value for sure is no condition. */
const VALUES = /^(?:String|TemplateString|Number|ObjectExpression|ArrayExpression|Regexp)$/;
/** What says too little about a number that stands in it; a call says which. */
const THIN = /^(?:UnaryExpression|ParenthesizedExpression|ArgList|ArrayExpression)$/;
/** A longer expression is shown by the line of the change. */
const LONGEST = 120;

/** The mutants of one file, in order. */
export function mutantsOf(path: string, source: string): Mutant[] {
  const found = new Map<string, Mutant>();
  const textOf = ({ from, to }: { from: number; to: number }) => source.slice(from, to);
  const add = (operator: Operator, at: Node, text: string, shown: Node = at) => {
    const key = `${at.from} ${at.to} ${text}`;
    if (found.has(key)) return;
    const before = source.slice(0, at.from);
    const [from, to] = oneLine(textOf(shown)).length <= LONGEST || operator === "negate"
      ? [shown.from, shown.to]
      : [before.lastIndexOf("\n") + 1, (source.indexOf("\n", at.to) + 1 || source.length + 1) - 1];
    found.set(key, {
      path,
      line: before.split("\n").length,
      column: at.from - before.lastIndexOf("\n"),
      ...around(at, textOf),
      operator,
      from: at.from,
      to: at.to,
      text,
      was: oneLine(source.slice(from, to)),
      becomes: oneLine(source.slice(from, at.from) + text + source.slice(at.to, to)),
    });
  };
  const negate = (condition: Node | null) => {
    const node = bare(condition);
    if (!node || isEquality(node, textOf)) return; // which `compare` negates
    if (node.name === "UnaryExpression" && textOf(node).startsWith("!")) {
      const operand = node.lastChild!;
      if (!isEquality(bare(operand), textOf)) add("negate", node, textOf(operand));
    } else add("negate", node, `!(${textOf(node)})`);
  };

  typescript.parse(source).iterate({
    enter({ node, name }) {
      if (TYPES.test(name)) return false;
      if (/^(?:If|While|Do)Statement$/.test(name)) negate(node.getChild("ParenthesizedExpression"));
      if (name === "ConditionalExpression") negate(node.firstChild);
      if (name === "ForSpec") negate(forCondition(node, textOf));
      if (name === "BinaryExpression") {
        const operator = textOf(node.getChild("LogicOp") ?? { from: 0, to: 0 });
        for (const operand of [node.firstChild, node.lastChild]) {
          if (operator !== "&&" && operator !== "||" || VALUES.test(operand!.name)) continue;
          const chained = operand!.name === "BinaryExpression" &&
            textOf(operand!.getChild("LogicOp") ?? { from: 0, to: 0 }) === operator;
          if (!chained) negate(operand);
        }
        const compared = node.getChild("CompareOp");
        const swapped = compared && SWAPPED[textOf(compared)];
        if (swapped) add("compare", compared, swapped, node);
      }
      if (name === "CallExpression") {
        const called = node.firstChild!.getChild("PropertyName");
        const method = called ? textOf(called) : "";
        const predicate = node.getChild("ArgList")?.getChild("ArrowFunction")?.lastChild;
        if (ASKING.has(method) && predicate?.name !== "Block") negate(predicate ?? null);
        if (method === "emit") add("emit", node, "undefined");
      }
      if (name === "Number" && decides(path, node, textOf)) {
        for (const text of beside(textOf(node))) {
          const safe = text.startsWith("-") && source[node.from - 1] === "-" ? `(${text})` : text;
          add("number", node, safe, expressionOf(node));
        }
      }
    },
  });
  return [...found.values()].sort((a, b) => a.from - b.from || a.to - b.to);
}

/** The file with the mutant's change. */
export function applied(source: string, { from, to, text }: Mutant): string {
  return source.slice(0, from) + text + source.slice(to);
}

type TextOf = (node: { from: number; to: number }) => string;

const oneLine = (text: string) => text.trim().replace(/\s+/g, " ");

/** The expression in parentheses, however many. */
function bare(node: Node | null): Node | null {
  while (node?.name === "ParenthesizedExpression") node = node.firstChild!.nextSibling;
  return node;
}

function isEquality(node: Node | null, textOf: TextOf): boolean {
  const operator = node?.name === "BinaryExpression" && node.getChild("CompareOp");
  return operator ? /^[!=]==?$/.test(textOf(operator)) : false;
}

/** What stands between the first and the second semicolon, in a `for` that has them. */
function forCondition(spec: Node, textOf: TextOf): Node | null {
  const first = spec.firstChild!.nextSibling;
  if (!first || !textOf(first).endsWith(";")) return null;
  const condition = first.nextSibling;
  return condition && textOf(condition) !== ";" ? condition : null;
}

/** Is this number more than a position, a key, or a name of Linux's? */
function decides(path: string, node: Node, textOf: TextOf): boolean {
  let outer = node.parent!;
  if (outer.name === "Property" && outer.firstChild!.from === node.from) return false;
  if (outer.name === "UnaryExpression") outer = outer.parent!;
  if (outer.name === "MemberExpression") return false;
  const method = outer.name === "ArgList" && outer.parent!.firstChild?.getChild("PropertyName");
  if (method && textOf(method) === "at") return false;
  if (!TABLES.test(path)) return true;
  for (let up: Node | null = node.parent; up; up = up.parent) {
    if (FUNCTIONS.test(up.name)) return true;
  }
  return false;
}

/** An integer and its neighbours, as it is written; nothing for other numbers. */
function beside(text: string): string[] {
  const [, digits = "", big = ""] = text.match(/^(0x[\da-f_]+|\d[\d_]*)(n?)$/i) ?? [];
  if (!digits) return [];
  const value = BigInt(digits.replaceAll("_", ""));
  const written = (one: bigint) =>
    (/^0x/i.test(digits) && one >= 0n ? `0x${one.toString(16)}` : `${one}`) + big;
  return [written(value + 1n), written(value - 1n)];
}

/** The expression that says what a number is for. */
function expressionOf(node: Node): Node {
  let up = node.parent!;
  while (THIN.test(up.name) && up.parent) up = up.parent;
  return up;
}

/** The function, the method or the constant of the module that a node is in. */
function around(node: Node, textOf: TextOf): Pick<Mutant, "inside" | "called"> {
  for (let up = node.parent; up; up = up.parent) {
    const ofModule = up.parent?.name === "Script" || up.parent?.name === "ExportDeclaration";
    const method = up.name === "MethodDeclaration";
    if (
      !method && up.name !== "FunctionDeclaration" &&
      !(up.name === "VariableDeclaration" && ofModule)
    ) continue;
    const name = up.getChild("VariableDefinition") ?? up.getChild("PropertyDefinition") ??
      up.getChild("PrivatePropertyDefinition");
    const inside = name ? textOf(name) : "";
    return {
      inside,
      called: up.name !== "VariableDeclaration" && inside !== "" && inside !== "constructor",
    };
  }
  return { inside: "", called: false };
}
