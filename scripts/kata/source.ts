// What can be read off a learner's or an author's file without running it: what it imports, what it exports, and the
// same program under other names, for the proof that a suite judges behaviour and not spelling.

import { parser } from "@lezer/javascript";

const typescript = parser.configure({ dialect: "ts" });
type Node = ReturnType<typeof typescript.parse>["topNode"];

/** A module that a file asks for; `line` counts from 1. */
export interface Import {
  /** The specifier; empty where it is computed. */
  specifier: string;
  line: number;
  /** `import type` or `export type`: gone before it runs. */
  types: boolean;
  /** It comes with attributes, by which any file is a module: `with { type: "text" }`. */
  attributes: boolean;
  /** What it has from there that is there when it runs: names as they are exported, `default`, or `*` for all of it. */
  names: string[];
}

/** Every static, dynamic and re-exporting import of a TypeScript source, types included, in order. */
export function importsOf(source: string): Import[] {
  const found: Import[] = [];
  typescript.parse(source).iterate({
    enter({ name, node }) {
      const text = (part: Node | null) => part ? source.slice(part.from, part.to) : "";
      const add = (specifier: string) => {
        const types = /^(?:import|export)\s+type\s*[{*]/.test(text(node));
        const names = types ? [] : name === "DynamicImport" ? ["*"] : namesIn(text(node));
        found.push({
          specifier: specifier.slice(1, -1),
          line: lineAt(source, node.from),
          types,
          attributes: attributed(source, node),
          names,
        });
      };
      if (name === "ImportDeclaration" || name === "ExportDeclaration") {
        const specifier = node.getChild("String");
        if (specifier) add(text(specifier));
      } else if (name === "DynamicImport") {
        // Only a literal is known before it runs; anything else is refused by the caller as an empty specifier.
        const argument = node.getChild("String");
        const literal = argument && node.lastChild?.prevSibling?.from === argument.from;
        add(literal || argument === node.lastChild ? text(argument) : "");
      }
    },
  });
  return found;
}

/** Does an import say more of a module than where it is? The parser may take that for a statement of its own. */
function attributed(source: string, node: Node): boolean {
  const after = source.slice(node.getChild("String")?.to ?? node.to)
    .replace(/^(?:\s|\/\*[^]*?\*\/|\/\/.*)*/, "");
  return node.name === "DynamicImport"
    ? /^,\s*[^\s)]/.test(after)
    : /^(?:with|assert)\b/.test(after);
}

/** What an import or a re-export asks for by name. */
function namesIn(declaration: string): string[] {
  const plain = declaration.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, " ");
  const clause = plain.match(/^(?:import|export)\b([^]*)\bfrom\b/)?.[1] ?? "";
  const outside = clause.replace(/\{[^]*\}/, "");
  if (outside.includes("*")) return ["*"];
  const [, group = ""] = clause.match(/\{([^]*)\}/) ?? [];
  const listed = group.split(",").map((entry) => entry.trim())
    .filter((entry) => entry !== "" && !/^type\s+(?!as\b)/.test(entry))
    .map((entry) => entry.split(/\s+as\s+/)[0]!.replaceAll(/["']/g, ""));
  return /[\w$]/.test(outside) ? ["default", ...listed] : listed;
}

/** Where a source uses one of `names`, each a variable or a member of one, `Math.random`; its own bindings do not count. */
export function namesUsed(
  source: string,
  names: readonly string[],
): { name: string; line: number }[] {
  const tree = typescript.parse(source);
  const own = new Set<string>();
  const found: { name: string; line: number }[] = [];
  const text = (node: Node) => source.slice(node.from, node.to);
  tree.iterate({
    enter({ name, node }) {
      if (name === "VariableDefinition" || name === "TypeDefinition") own.add(text(node));
      if (name !== "VariableName" && name !== "MemberExpression") return;
      if (names.includes(text(node))) {
        found.push({ name: text(node), line: lineAt(source, node.from) });
      }
    },
  });
  return found.filter(({ name }) => !own.has(name));
}

/** The plain strings of a source, imports left out, with the line of each. */
export function stringsOf(source: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  typescript.parse(source).iterate({
    enter({ name, node }) {
      if (name === "ImportDeclaration" || name === "ExportDeclaration" && node.getChild("String")) {
        return false;
      }
      if (name !== "String") return;
      found.push({
        text: source.slice(node.from + 1, node.to - 1),
        line: lineAt(source, node.from),
      });
    },
  });
  return found;
}

/** The names a source exports, with the line of each; types are not counted, and neither is `export *`. */
export function exportsOf(source: string): Map<string, number> {
  const found = new Map<string, number>();
  const tree = typescript.parse(source);
  for (const node of tree.topNode.getChildren("ExportDeclaration")) {
    const line = lineAt(source, node.from);
    for (const name of exportedNames(source, node)) found.set(name, line);
  }
  return found;
}

/** How a source declares a function that it exports. */
export interface Signature {
  name: string;
  /** How many parameters it has. */
  parameters: number;
  /** The type of its answer, as it is written there. */
  answers: string;
  /** Its comment says that it throws an Errno. */
  throws: boolean;
}

/** The signatures of the functions that a source exports where they are declared. */
export function signaturesOf(source: string): Signature[] {
  const text = (node: Node) => source.slice(node.from, node.to);
  return typescript.parse(source).topNode.getChildren("ExportDeclaration").flatMap((node) => {
    const declared = node.getChild("FunctionDeclaration");
    const name = declared?.getChild("VariableDefinition"),
      type = declared?.getChild("TypeAnnotation");
    if (!declared || !name || !type) return [];
    const comment = node.prevSibling?.name === "BlockComment" ? text(node.prevSibling) : "";
    return [{
      name: text(name),
      parameters: declared.getChild("ParamList")!.getChildren("VariableDefinition").length,
      answers: text(type).slice(1).trim(),
      throws: comment.includes("@throws"),
    }];
  });
}

function exportedNames(source: string, node: Node): string[] {
  const group = node.getChild("ExportGroup");
  if (group) {
    const text = source.slice(group.from + 1, group.to - 1);
    return text.split(",").map((entry) => entry.trim()).filter((entry) =>
      entry !== "" && !entry.startsWith("type ")
    ).map((entry) => entry.split(/\s+as\s+/).pop()!);
  }
  if (node.getChild("default")) return ["default"];
  return ["VariableDeclaration", "FunctionDeclaration", "ClassDeclaration"]
    .flatMap((kind) => node.getChildren(kind))
    .flatMap((declaration) => declaredNames(source, declaration));
}

/** The names that a declaration introduces for those around it, patterns included, bodies and parameters not. */
function declaredNames(source: string, declaration: Node): string[] {
  const names: string[] = [];
  declaration.cursor().iterate(({ name, node }) => {
    if (["ParamList", "Block", "ClassBody", "ArrowFunction"].includes(name)) return false;
    if (name === "VariableDefinition" || isShorthandPattern(node)) {
      names.push(source.slice(node.from, node.to));
    }
  });
  return names;
}

/** A new name for each of these, which none of the sources has a use for. */
export function freshNames(
  names: readonly string[],
  sources: readonly string[],
): Map<string, string> {
  const used = new Set(sources.flatMap(wordsOf));
  return new Map(names.map((name, i) => [name, fresh(`part${i + 1}`, used)]));
}

function wordsOf(source: string): string[] {
  return source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
}

function fresh(name: string, used: ReadonlySet<string>): string {
  return used.has(name) ? fresh(`${name}_`, used) : name;
}

/**
 * The same program under other names: whatever a file binds for itself gets a new name, its comments go. What it
 * imports or exports, and names that also exist globally, stay; and since every use of a name changes together with
 * every binding of it, what shadowed what still does.
 *
 * @param shared new names for what modules that are renamed together import from each other, and nobody else does
 */
export function renamed(source: string, shared: ReadonlyMap<string, string> = new Map()): string {
  const tree = typescript.parse(source);
  const text = (node: Node) => source.slice(node.from, node.to);
  const kept = new Set([...exportsOf(source).keys()]);
  const bound = new Set<string>();
  const used = new Set(wordsOf(source));
  tree.iterate({
    enter({ name, node }) {
      const outside = name === "ImportDeclaration" || name === "ExportGroup";
      if (outside) text(node).match(/[\w$]+/g)?.forEach((word) => kept.add(word));
      if (name === "VariableDefinition" || isShorthandPattern(node)) bound.add(text(node));
    },
  });
  const names = new Map(shared);
  for (const name of bound) {
    if (names.has(name) || kept.has(name) || name in globalThis || name === "arguments") continue;
    names.set(name, fresh(`v${names.size + 1}`, used));
  }
  let out = "", at = 0;
  const put = (node: Node, replacement: string) => {
    out += source.slice(at, node.from) + replacement;
    at = node.to;
  };
  tree.iterate({
    enter({ name, node }) {
      if (name === "LineComment" || name === "BlockComment") put(node, " ");
      const other = names.get(text(node));
      if (other === undefined) return;
      if (name === "VariableDefinition" || name === "VariableName") put(node, other);
      else if (isShorthandPattern(node) || isShorthandProperty(node)) {
        put(node, `${text(node)}: ${other}`);
      }
    },
  });
  return out + source.slice(at);
}

/** `{ x }` as a value. */
function isShorthandProperty(node: Node): boolean {
  return node.name === "PropertyDefinition" && node.parent?.name === "Property" &&
    node.parent.firstChild?.from === node.from && node.parent.lastChild?.to === node.to;
}

/** `{ x }` or `{ x = 1 }` as a pattern, which binds or assigns `x`. */
function isShorthandPattern(node: Node): boolean {
  return node.name === "PropertyName" && node.parent?.name === "PatternProperty" &&
    node.nextSibling?.name !== ":";
}

/** The line of an offset, from 1. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

/** What a source declares, everywhere in it: variables, functions, parameters, classes, members and types; no import. */
export function declarationsOf(source: string): { name: string; line: number }[] {
  const found: { name: string; line: number }[] = [];
  typescript.parse(source).iterate({
    enter({ name, node }) {
      if (name === "ImportDeclaration") return false;
      const member = name === "PropertyDefinition" && node.parent?.name !== "Property";
      const declares = ["VariableDefinition", "TypeDefinition"].includes(name) || member;
      if (!declares && !isShorthandPattern(node)) return;
      found.push({ name: source.slice(node.from, node.to), line: lineAt(source, node.from) });
    },
  });
  return found;
}
