// One classic script out of many modules: a small registry, a `require`, and each module as a function.
//
// Module scripts and module workers do not run from file://, classic ones do, and a bundler would more than double
// what a first `deno task learn` fetches. So types and import statements come off with sucrase, and what is left is
// linked here. Lines of our own modules stay where they were. Left out: tree shaking, source maps.

import { createRequire } from "node:module";
import { parser } from "@lezer/javascript";
import { basename, fromFileUrl, resolve, toFileUrl } from "@std/path";
import { transform } from "sucrase";
import { type Place, Problem } from "../tool/problem.ts";

/** What to link, and how the page reaches it. */
export interface Linking {
  /**
   * The entries: the name under which the script finds a module, and where it is: a path
   * (`sim/mod.ts`, against the project's root) or a package of the import map (`sucrase`). Everything they import comes along.
   */
  modules: Record<string, string>;
  /**
   * The global that the script defines: a function that takes a name of `modules`, runs that module the first time,
   * and returns its exports.
   */
  expose: string;
  /** The name of an entry that runs as soon as the script does. */
  run?: string;
  /** Packages that are left out: what they are for is never called. They come as modules that export nothing. */
  without?: readonly string[];
}

interface Module {
  id: number;
  url: string;
  code: string;
  /** The ids of what it requires, by the specifier that it uses. */
  requires: Record<string, number>;
}

const root = new URL("../../", import.meta.url);
/** Stands for a package that is left out. */
const nothing = "nothing.js";
const typescript = parser.configure({ dialect: "ts" });

/**
 * Links TypeScript modules of the project, text files that they import, and packages into one classic script.
 *
 * ```ts
 * const script = await linkClassic({ modules: { sim: "sim/mod.ts" }, expose: "modules" });
 * vm.runInContext(script, context); // context.modules("sim").Lab
 * ```
 *
 * The script needs nothing of its surroundings but the language: no DOM, no module loader, no `process`. It names no
 * path of this machine. Reads the project's files (`--allow-read` for the root); a package's files need no permission.
 *
 * @returns the script's text, ending in a newline
 * @throws Problem with path and line when an import leads nowhere or a module does not parse
 */
export async function linkClassic(linking: Linking): Promise<string> {
  return (await linkAll(linking)).script;
}

/** As above, with the addresses of the packages' files that are in it. */
export async function linkAll(
  { modules, expose, run, without = [] }: Linking,
): Promise<{ script: string; packages: string[] }> {
  const linked = new Map<string, Module>();
  const entries: Record<string, number> = {};
  for (const [name, place] of Object.entries(modules)) {
    const url = place.endsWith(".ts")
      ? toFileUrl(resolve(fromFileUrl(root), place)).href
      : import.meta.resolve(place);
    entries[name] = (await add(url, linked, without)).id;
  }
  const bodies = [...linked.values()].map((module) =>
    `// ${nameOf(module.url)}\n` +
    `[${JSON.stringify(module.requires)}, function (module, exports, require) {${module.code}\n}],`
  );
  const packages = [...linked.keys()].filter((url) => url !== nothing && isPackage(url));
  const script = `globalThis[${JSON.stringify(expose)}] = (function (entries, modules) {
  var loaded = [];
  function load(id) {
    if (!loaded[id]) {
      var module = loaded[id] = { exports: {} };
      modules[id][1](module, module.exports, function (name) {
        return load(modules[id][0][name]);
      });
    }
    return loaded[id].exports;
  }
  return function (name) {
    if (!(name in entries)) throw new Error("no module named " + name);
    return load(entries[name]);
  };
})(${JSON.stringify(entries)}, [
${bodies.join("\n")}
]);
${run === undefined ? "" : `globalThis[${JSON.stringify(expose)}](${JSON.stringify(run)});\n`}`;
  return { script, packages };
}

/** Adds a module and, depth first, all that it requires; one that is under way is known already, so circles end. */
async function add(
  url: string,
  linked: Map<string, Module>,
  without: readonly string[],
  by: Place = {},
): Promise<Module> {
  const known = linked.get(url);
  if (known) return known;
  const module: Module = { id: linked.size, url, code: "", requires: {} };
  linked.set(url, module);
  const source = await sourceOf(url, by);
  if (!/\.(?:[tj]s|mjs)$/.test(url)) {
    module.code = `exports.__esModule = true; exports.default = ${JSON.stringify(source)};`;
    return module;
  }
  const code = module.code = url.endsWith(".js") ? source : toCommonJs(source, url);
  // A match inside a package's string or comment costs a look-up that fails, or a module too many; never one too few.
  // In our own modules each is sucrase's, which it writes with single quotes.
  const calls = url.endsWith(".js")
    ? /\brequire\(\s*['"]([^'"$]+)['"]\s*\)/g
    : /\brequire\('([^'$]+)'\)/g;
  for (const match of code.matchAll(calls)) {
    const target = without.includes(match[1]!) ? nothing : resolveFrom(match[1]!, url);
    const place = { path: nameOf(url), line: code.slice(0, match.index).split("\n").length };
    if (target) module.requires[match[1]!] = (await add(target, linked, without, place)).id;
  }
  return module;
}

/** Ours are TypeScript, or text that it imports; a package's are JavaScript, with a `require` or with imports. */
const isPackage = (url: string) => /\.m?js$/.test(url);

/** An attribute of an import reads a package with no permission; our own files change while `learn` runs, so not them. */
async function sourceOf(url: string, by: Place): Promise<string> {
  if (url === nothing) return "";
  if (isPackage(url)) return squeeze((await import(url, { with: { type: "text" } })).default);
  try {
    return await Deno.readTextFile(new URL(url));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Problem(`import of ${nameOf(url)}: no such file`, by);
  }
}

/**
 * Comments on lines of their own, and indentation, are a third of what a package weighs when it is compressed.
 * A template literal that holds such lines would lose them: the test compares the linked sucrase with the real one.
 */
function squeeze(source: string): string {
  return source.replace(/^[ \t]*\/\*(?:(?!\*\/)[^])*\*\/[ \t]*$|^[ \t]*\/\/.*$/gm, "").replace(
    /^[ \t]+/gm,
    "",
  )
    .replace(/\n{2,}/g, "\n");
}

function toCommonJs(source: string, url: string): string {
  try {
    const { code } = transform(exportsApart(withoutComments(source)), {
      transforms: ["typescript", "imports"],
      disableESTransforms: true,
    });
    return starsGiveWay(code);
  } catch (error) {
    // sucrase says `message (line:column)`.
    const [, message, line] = /^(.*) \((\d+):\d+\)$/.exec((error as Error).message) ?? [];
    if (!message) throw error;
    throw new Problem(message, { path: nameOf(url), line: Number(line) });
  }
}

/** Source without its comments, which weigh a fifth of what a page loads; lines stay where they are. */
function withoutComments(source: string): string {
  let text = "", at = 0;
  typescript.parse(source).iterate({
    enter({ name, from, to }) {
      if (name !== "LineComment" && name !== "BlockComment") return;
      text += source.slice(at, from) + source.slice(from, to).replace(/[^\n]+/g, " ");
      at = to;
    },
  });
  return text + source.slice(at);
}

/**
 * sucrase 3.35.1 loses all but the first name of `export const a = 1, b = 2` without a word.
 * So these become declarations without `export`, in place, and an `export { a, b }` behind the last line.
 */
function exportsApart(source: string): string {
  let text = source;
  const names: string[] = [];
  for (const declared of typescript.parse(source).topNode.getChildren("ExportDeclaration")) {
    const own = declared.getChild("VariableDeclaration")?.getChildren("VariableDefinition") ?? [];
    if (own.length < 2) continue;
    names.push(...own.map(({ from, to }) => source.slice(from, to)));
    text = text.slice(0, declared.from) + " ".repeat("export".length) +
      text.slice(declared.from + "export".length);
  }
  return names.length > 0 ? `${text}\nexport { ${names.join(", ")} };` : text;
}

/**
 * What a module exports itself goes before what `export *` brings. sucrase 3.35.1 brings it first, as properties that
 * cannot be set, and then sets them.
 */
function starsGiveWay(code: string): string {
  const property = "Object.defineProperty(exports, key, {enumerable: true, configurable: true, ";
  const own = `${property}writable: true, value: own})`;
  return code.replace(
    `${property}get: () => obj[key]})`,
    (brought) => brought.replace("obj[key]", `obj[key], set: (own) => ${own}`),
  );
}

/** Where `specifier` leads from `from`; a package's may lead nowhere (an optional one, a word in a string). */
function resolveFrom(specifier: string, from: string): string | undefined {
  if (!isPackage(from)) {
    return specifier.startsWith(".")
      ? new URL(specifier, from).href
      : import.meta.resolve(specifier);
  }
  try {
    return toFileUrl(createRequire(from).resolve(specifier)).href;
  } catch {
    return undefined;
  }
}

/** A module's path in the project, or a package's file by its last name: never where this machine keeps it. */
function nameOf(url: string): string {
  return url.startsWith(root.href) ? decodeURI(url.slice(root.href.length)) : basename(url);
}
