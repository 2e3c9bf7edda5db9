// The import rule: a cell imports from "sim" and nothing else. A chapter comes from a stranger's fork, and an import
// attribute reads a file with no permission at all, so this is settled before anything is checked or run.
//
// Lezer guesses where a text is no program, so only what it places beyond doubt passes: an `import` or `export` that
// it cannot place is refused. graph.ts then asks Deno's own parser what the woven module would load.

import { parser } from "@lezer/javascript";
import { transform } from "sucrase";
import { Problem } from "../tool/problem.ts";
import { type Cell, cellName, cellsOf, type Chapter } from "./markdown.ts";

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
