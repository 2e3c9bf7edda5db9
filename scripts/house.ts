// The rules of the house that no compiler knows: who may import whom, what the simulator may not touch, where versions
// and permissions are written, how long a file is. Each is a function from a file to its problems, with the line.

import { dirname, join } from "@std/path";
import { LINUX_NAMES, linuxNames } from "./house/names.ts";
import { circles, directions } from "./house/rooms.ts";
import { importsOf, lineAt, namesUsed, stringsOf } from "./kata/source.ts";
import { Problem } from "./tool/problem.ts";

/** The files of the project by path, and their texts. */
export type Files = ReadonlyMap<string, string>;
type Rule = (path: string, text: string, files: Files) => Problem[];

const LONGEST = 400;
/** Where the scenes are named. */
const SCENES = "sim/scene/scenes.ts";
const TEST_PACKAGES = ["uvu", "uvu/assert"];
/** What suites of katas share. */
const SHARED = [
  "../deeds.ts",
  "../expect.ts",
  "../family.ts",
  "../leaking.ts",
  "../merging.ts",
  "../questions.ts",
];
/** What would make two runs of the simulator differ, or tie it to a host. */
const OUTSIDE = ["Deno", "process", "console", "Date", "performance", "crypto", "fetch"];
/** The door to the terminal itself, what a child reports by, what makes a script, and what runs in a page. */
const OTHER_DOORS = [
  "scripts/tool/terminal.ts",
  "scripts/tool/report.ts",
  "scripts/kernel/fake_probe.ts",
  "scripts/site/katas.ts",
  "scripts/site/client/",
];
const TIMERS = ["setTimeout", "setInterval", "queueMicrotask", "requestAnimationFrame"];

/** Applies every rule to every file. */
export function houseProblems(files: Files): Problem[] {
  return [...files].flatMap(([path, text]) => RULES.flatMap((rule) => rule(path, text, files)));
}

/** Sim imports itself, katas and chapters import sim, scripts reach sim by its front door. */
const importDirection: Rule = (path, text) => {
  const refuse = allowed(path);
  if (!refuse) return [];
  const source = path.endsWith(".md") ? cellsOf(text) : text;
  return importsOf(source).flatMap(({ specifier, line }) => {
    const target = specifier.startsWith(".") ? join(dirname(path), specifier) : specifier;
    const remedy = refuse(specifier, target);
    if (remedy === undefined) return [];
    const what = specifier ? `"${specifier}"` : "a computed name";
    return [new Problem(`${what} may not be imported here`, { path, line, remedy })];
  });
};

/** What refuses an import of `path`, with a remedy; undefined where anything goes. */
function allowed(
  path: string,
): ((specifier: string, target: string) => string | undefined) | undefined {
  if (path.startsWith("sim/")) {
    const own = path.endsWith("_test.ts") ? TEST_PACKAGES : [];
    return (specifier, target) =>
      target.startsWith("sim/") || own.includes(specifier)
        ? undefined
        : "sim/ imports nothing but itself: hand it what it needs, or move the code to scripts/.";
  }
  if (path.startsWith("chapters/") && path.endsWith(".md")) {
    return (specifier) => specifier === "sim" ? undefined : `A cell imports from "sim" only.`;
  }
  if (/^kata\/\d/.test(path)) {
    if (!path.endsWith(".ts")) return undefined;
    const names = path.endsWith("/test.ts")
      ? ["sim", ...SHARED, "./solution.ts", ...TEST_PACKAGES]
      : path.includes("/wrong/")
      ? ["sim", "../solution.ts"]
      : ["sim"];
    return (specifier) =>
      names.includes(specifier)
        ? undefined
        : `This file of a kata imports from ${names.join(", ")} only.`;
  }
  if (path.startsWith("kata/")) {
    return (specifier, target) =>
      ["sim", "uvu", "uvu/assert", "uvu/diff"].includes(specifier) || /^kata\/[^/]+$/.test(target)
        ? undefined
        : `What katas share imports from sim and uvu only: it also runs in a page.`;
  }
  if (path.startsWith("scripts/")) {
    return (_, target) =>
      target.startsWith("sim/") && target !== "sim/mod.ts"
        ? `Import from "sim": what is not exported there is the machine's own affair.`
        : undefined;
  }
}

/** A chapter's cells, at their lines. */
function cellsOf(markdown: string): string {
  let inside = false;
  return markdown.split("\n").map((line) => {
    if (!inside && /^```ts\b/.test(line)) return inside = true, "";
    if (inside && /^```\s*$/.test(line)) return inside = false, "";
    return inside ? line : "";
  }).join("\n");
}

/** All of sim/ runs in a browser, and everywhere alike. */
const browserCompatible: Rule = (path, text) => {
  if (!isCode(path, "sim/")) return [];
  const names = namesUsed(text, [...OUTSIDE, ...TIMERS, "Math.random"]);
  return names.map(({ name, line }) =>
    new Problem(`${name} is not for the simulator`, {
      path,
      line,
      remedy: "Nothing comes from outside, and two runs are the same: pass in what it needs.",
    })
  );
};

/** A file of the simulator opens with what it is: in a comment for its readers, or of one line, as a test does. */
const opening: Rule = (path, text) => {
  if (!path.startsWith("sim/") || !path.endsWith(".ts")) return [];
  if (/^\/\*\*\n \* \S/.test(text) || /^\/\/ \S/.test(text)) return [];
  const remedy = "Begin with a comment: what it models, and what it leaves out.";
  return [new Problem("the first line does not say what the file is", { path, line: 1, remedy })];
};

/** A kernel is asked by its era: which release has which is written in one place. */
const releases: Rule = (path, text) => {
  if (!isCode(path, "sim/") || ["sim/era.ts", "sim/releases.ts"].includes(path)) return [];
  return stringsOf(text).filter(({ text }) => /^v?\d+\.\d+(\.\d+)?$/.test(text)).map((
    { text, line },
  ) =>
    new Problem(`the release ${text} is named here`, {
      path,
      line,
      remedy: "Releases stand in sim/era.ts and sim/releases.ts: ask the era, in sim/policy.ts.",
    })
  );
};

/** The machine knows no scene: what one shows must follow from the rules. */
const sceneNames: Rule = (path, text, files) => {
  if (!isCode(path, "sim/") || path === SCENES) return [];
  const names = importsOf(files.get(SCENES) ?? "").flatMap(({ specifier }) =>
    specifier.match(/^\.\.\/scenes\/(.*)\.scene$/)?.[1] ?? []
  );
  return stringsOf(text).filter(({ text }) => names.includes(text)).map(({ text, line }) =>
    new Problem(`the scene ${text} is named here`, {
      path,
      line,
      remedy: "Scenes are named in sim/scenes/ and in tests: find the rule that it shows.",
    })
  );
};

/** What is written to a terminal goes through one door, where what nobody should see of it is spelled out. */
const terminal: Rule = (path, text) => {
  if (!isCode(path, "scripts/") || OTHER_DOORS.some((door) => path.startsWith(door))) return [];
  const streams = ["stdout", "stderr"].flatMap((name) =>
    ["write", "writeSync", "writable"].map((method) => `Deno.${name}.${method}`)
  );
  return namesUsed(text, ["console", ...streams]).map(({ name, line }) =>
    new Problem(`${name} writes past the terminal's own file`, {
      path,
      line,
      remedy: "say() or complain() of scripts/tool/terminal.ts: a name or a file may hold escapes.",
    })
  );
};

const length: Rule = (path, text) => {
  const lines = text.split("\n").length - 1;
  if (!/\.(ts|js|c|css)$/.test(path) || lines <= LONGEST) return [];
  return [
    new Problem(`${lines} lines, a file has at most ${LONGEST}`, {
      path,
      line: LONGEST + 1,
      remedy: "Split it where its opening comment needs an “and”.",
    }),
  ];
};

/** Versions are named in deno.json, and for browser tests in .ci/deno.json. */
const versions: Rule = (path, text, files) => {
  if (/(^|\/)deno\.(json|lock)$/.test(path)) return [];
  const config = JSON.parse(files.get("deno.json") ?? "{}") as { imports?: Record<string, string> };
  const packages = Object.values(config.imports ?? {}).flatMap((target) =>
    target.match(/^(?:npm|jsr):(@?[^@]+)@/)?.[1] ?? []
  );
  const names = [...new Set(packages)].map((name) => RegExp.escape(name)).join("|");
  const pinned = names
    ? new RegExp(`\\b(?:npm|jsr):[^\\s"'\`]+@\\d|(?<![\\w@/-])(?:${names})@\\d`, "g")
    : /\b(?:npm|jsr):[^\s"'`]+@\d/g;
  return [...text.matchAll(pinned)].map((match) =>
    new Problem(`a version of a package is named here: ${match[0]}`, {
      path,
      line: lineAt(text, match.index),
      remedy: "Versions stand in deno.json alone: import by the name that its map gives.",
    })
  );
};

/** Every task says what it is for, and asks for no more than it needs. */
const tasks: Rule = (path, text) => {
  if (path !== "deno.json") return [];
  const { tasks = {} } = JSON.parse(text) as {
    tasks?: Record<string, string | { command?: string; description?: string }>;
  };
  return Object.entries(tasks).flatMap(([name, task]) => {
    const place = { path, line: lineAt(text, text.indexOf(`"${name}":`, text.indexOf(`"tasks"`))) };
    const { command = "", description = "" } = typeof task === "string" ? { command: task } : task;
    const problems: Problem[] = [];
    if (!description || description.includes("\n")) {
      problems.push(new Problem(`the task ${name} has no description of one line`, place));
    }
    if (/(^|\s)(-\w*A\w*|--allow-all)(\s|$)/.test(command)) {
      const remedy = "Name what it needs: --allow-read=…";
      problems.push(new Problem(`the task ${name} allows everything`, { ...place, remedy }));
    }
    if (/\s--allow-write(\s|$)/.test(command)) {
      const remedy = "Name what it writes: --allow-write=_site";
      problems.push(new Problem(`the task ${name} may write anywhere`, { ...place, remedy }));
    }
    return problems;
  });
};

const RULES: readonly Rule[] = [
  importDirection,
  directions,
  circles,
  linuxNames,
  browserCompatible,
  opening,
  releases,
  sceneNames,
  terminal,
  length,
  versions,
  tasks,
];

function isCode(path: string, dir: string): boolean {
  return path.startsWith(dir) && path.endsWith(".ts") && !path.endsWith("_test.ts");
}

/** Reads what the rules look at: everything that is text and ours, not the learner's and not made by a task. */
export async function readFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const walk = async (dir: string) => {
    for (const entry of await Array.fromAsync(Deno.readDir(dir || "."))) {
      const path = dir + entry.name;
      if (entry.isDirectory) {
        if (![".git", ".woven", "_site", "node_modules"].includes(entry.name)) {
          await walk(`${path}/`);
        }
      } else if (/\.(ts|js|c|css|md|json)$/.test(path) && !/\/attempt(\.\d+)?\.ts$/.test(path)) {
        if (path !== ".progress.json") files.set(path, await Deno.readTextFile(path));
      } else if (path === LINUX_NAMES) files.set(path, await Deno.readTextFile(path));
    }
  };
  await walk("");
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}
