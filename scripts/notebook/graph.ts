// The second line of defence: Deno's own parser says what a woven module would load, code and types, before it is
// loaded. It takes 13 ms for all chapters.

import { Problem } from "../tool/problem.ts";
import { deno } from "../tool/limited.ts";
import { root } from "./files.ts";
import { chapterText, syntaxPlace } from "./places.ts";
import type { Module } from "./modules.ts";

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

/** A TypeScript module that is its own address. */
export function dataUrl(text: string): string {
  return `data:application/typescript;base64,${new TextEncoder().encode(text).toBase64()}`;
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
