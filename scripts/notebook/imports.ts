// The import rule: a cell imports from "sim" and nothing else. A chapter comes from a stranger's fork, and an import
// attribute reads a file with no permission at all, so this is settled before anything is checked or run.
//
// Lezer guesses where a text is no program, so only what it places beyond doubt passes: an `import` or `export` that
// it cannot place is refused. The second line of defence is Deno's own parser, which says what a woven module would load,
// code and types, before it is loaded. It takes 13 ms for all chapters.

import { parser } from "@lezer/javascript";
import { transform } from "sucrase";
import { deno } from "../tool/limited.ts";
import { Problem } from "../tool/problem.ts";
import { chapterText, dataUrl, syntaxPlace } from "./addresses.ts";
import { type Cell, cellName, cellsOf, type Chapter, type Module } from "./chapter.ts";
import { root } from "./files.ts";

const typescript = parser.configure({ dialect: "ts" });
type SyntaxNode = ReturnType<ReturnType<typeof typescript.parse>["resolve"]>;

/** Comments that a compiler or a debugger obeys: they load files or switch the check off. */
const directive = /^\/\/\/\s*<|@(?:deno-types|ts-[\w-]+|jsx\w*)|source(?:Mapping)?URL\s*=/i;

/** What may stand between `import` and the end of its statement; an attribute or an error is none of these. */
const importParts =
  /^(?:import|type|ImportGroup|VariableDefinition|Star|as|from|String|,|;|LineComment|BlockComment)$/;

/** Where the words `import` and `export` are only text or a name. */
const harmless =
  /^(?:String|TemplateString|RegExp|LineComment|BlockComment|PropertyName|PropertyDefinition)$/;

/** Every reference of a chapter's cells to something other than "sim", in order. Cells that are not run count as well. */
export function refusedImports(chapter: Chapter): Problem[] {
  return cellsOf(chapter).flatMap((cell) => refusedIn(cell, chapter.path));
}

function refusedIn(cell: Cell, path: string): Problem[] {
  const { code } = cell;
  const found = new Map<number, string>();
  const tree = typescript.parse(code);
  tree.iterate({
    enter: ({ name, from, to }) => {
      if (/Comment$/.test(name)) {
        const word = code.slice(from, to).match(directive);
        if (word) found.set(from + word.index!, `the comment \`${word[0]}\` is not for cells`);
      } else if (name === "WithStatement") {
        found.set(from, "an import attribute or a `with` statement is not for cells");
      }
    },
  });
  for (const { 0: word, index } of code.matchAll(/\b(?:import|export)\b/g)) {
    const node = tree.resolveInner(index, 1);
    if (harmless.test(node.name)) continue;
    const why = word === "export" ? "a cell exports nothing" : refusal(node, cell);
    if (why) found.set(index, why);
  }
  return [...found].sort(([a], [b]) => a - b).map(([index, why]) =>
    new Problem(why, {
      path,
      ...placeIn(cell, index),
      remedy: 'A cell imports from "sim" and nothing else, in statements such as: ' +
        'import { Lab, type View } from "sim";',
    })
  );
}

/** Why an `import` is refused; undefined for a statement that imports from "sim" at the top of its cell. */
function refusal(node: SyntaxNode, cell: Cell): string | undefined {
  const { code } = cell;
  const statement = node.parent;
  if (statement?.name === "ImportMeta") return "import.meta is not for cells";
  if (statement?.name === "ImportType") return "an import type is not for cells";
  if (statement?.name === "DynamicImport") return "import() is not for cells";
  if (statement?.name !== "ImportDeclaration") return "this `import` is not for cells";
  if (cell.marks.throws) return "a cell with `throws=` cannot import: import in a cell before it";
  if (statement.parent?.name !== "Script") return "an import stands at the top of a cell";
  const specifier = statement.getChild("String");
  const name = specifier ? code.slice(specifier.from, specifier.to) : "";
  if (!/^(["'])sim\1$/.test(name)) return `this imports ${name || 'something other than "sim"'}`;
  for (let part = statement.firstChild; part; part = part.nextSibling) {
    if (!importParts.test(part.name)) return "this is more than an import of names";
  }
}

/**
 * Cells that are no program by themselves, such as one that opens a brace for a later cell to close: woven together
 * they could hide where a cell begins.
 */
export function brokenCells(chapter: Chapter): Problem[] {
  return cellsOf(chapter).filter(({ marks }) => !marks.ignore).flatMap((cell) => {
    try {
      transform(cell.code, { transforms: ["typescript"] });
      return [];
    } catch (error) {
      const { message, loc } = error as Error & { loc?: { line: number; column: number } };
      const what = message.replace(/^Error transforming .*?: /, "").replace(/ \(\d+:\d+\)$/, "");
      return [
        new Problem(`${cellName(cell)} does not parse: ${what}`, {
          path: chapter.path,
          line: cell.line + (loc?.line ?? 1),
          ...(loc ? { column: loc.column } : {}),
          remedy: "A cell is complete by itself: what it opens it closes",
        }),
      ];
    }
  });
}

/** The place of a character of a cell in its chapter. */
function placeIn(cell: Cell, index: number): { line: number; column: number } {
  const before = cell.code.slice(0, index).split("\n");
  return { line: cell.line + before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** One way in which a module refers to another; `error` where Deno knows no such module. */
interface Resolved {
  specifier?: string;
  span?: { start: { line: number; character: number } };
}

interface Dependency {
  specifier: string;
  code?: Resolved;
  type?: Resolved;
  isDynamic?: boolean;
  assertionType?: string;
}

/** A part of what `deno info --json` prints. */
interface Graph {
  modules: { specifier: string; error?: string; dependencies?: Dependency[] }[];
  redirects: Record<string, string>;
}

/** A child knows the simulator and no package, the same compiler as the root's, and nothing of the network. */
export const closed = [
  "--config",
  "scripts/notebook/cells.json",
  "--no-remote",
  "--no-npm",
  "--no-lock",
];

const simulator = new URL("sim/mod.ts", root).href;

/** What is wrong with what each chapter would load, by slug. Throws when the simulator itself cannot be loaded. */
export async function graphProblems(modules: readonly Module[]): Promise<Map<string, Problem[]>> {
  if (modules.length === 0) return new Map();
  const imports = modules.map(({ url }) => `import ${JSON.stringify(url)};\n`).join("");
  // A command line holds one module that is its own address, not all of them.
  const entries = modules.every(({ url }) => url.startsWith("file:"))
    ? [dataUrl(imports)]
    : modules.map(({ url }) => url);
  const graphs = await Promise.all(entries.map((entry) => load(entry)));
  return new Map(modules.map((module, index) => {
    const graph = graphs[entries.length === 1 ? 0 : index]!;
    return [module.chapter.slug, problemsOf(module, graph, modules)];
  }));
}

async function load(entry: string): Promise<Graph> {
  const { code, stdout, stderr } = await deno(["info", "--json", ...closed, entry], { cwd: root });
  if (code !== 0) throw new Problem("deno info failed", { remedy: stderr.trim() });
  const graph: Graph = JSON.parse(stdout);
  if (Object.keys(graph.redirects).length > 0) {
    throw new Problem("a module is redirected", { remedy: JSON.stringify(graph.redirects) });
  }
  for (const { specifier, error, dependencies = [] } of graph.modules) {
    if (!specifier.startsWith(new URL("sim/", root).href)) continue;
    const path = chapterText(specifier, []);
    if (error) throw new Problem(...syntaxPlace(chapterText(error, []), { path }));
    for (const { specifier: name, code, type } of dependencies) {
      for (const { specifier: target } of [code, type].filter((one) => one !== undefined)) {
        if (target?.startsWith(new URL("sim/", root).href)) continue;
        throw new Problem(`the simulator imports "${name}"`, {
          path,
          remedy: "sim/ imports nothing but itself",
        });
      }
    }
  }
  return graph;
}

function problemsOf({ chapter, url }: Module, graph: Graph, all: readonly Module[]): Problem[] {
  const own = graph.modules.find(({ specifier }) => specifier === url);
  if (!own) throw new Problem("deno info does not know this chapter", { path: chapter.path });
  if (own.error) {
    return [new Problem(...syntaxPlace(chapterText(own.error, all), { path: chapter.path }))];
  }
  return (own.dependencies ?? []).flatMap(({ specifier, code, type, isDynamic, assertionType }) => {
    const targets = [code, type].filter((one) => one !== undefined);
    const allowed = specifier === "sim" && !isDynamic && !assertionType &&
      targets.every((target) => target.specifier === simulator);
    if (allowed) return [];
    const start = targets.find(({ span }) => span)?.span?.start;
    return [
      new Problem(
        `this loads ${JSON.stringify(specifier)}${assertionType ? ` as ${assertionType}` : ""}`,
        {
          path: chapter.path,
          ...(start ? { line: start.line + 1, column: start.character + 1 } : {}),
          remedy: 'A cell imports from "sim" and nothing else',
        },
      ),
    ];
  });
}
