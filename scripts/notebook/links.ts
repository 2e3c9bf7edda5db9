// A chapter's links within the project lead somewhere: the file is there, it declares the symbol that the link names, and
// an anchor is a cell's id or a heading.

import { parser } from "@lezer/javascript";
import { didYouMean } from "../tool/nearest.ts";
import { Problem } from "../tool/problem.ts";
import { type Block, type Body, CODE, type Link } from "./body.ts";
import { cellsOf } from "./chapter.ts";
import { targetOf } from "./target.ts";

/** The text of a file of the project, "" for a folder, undefined where there is nothing. */
export type Look = (path: string) => Promise<string | undefined>;

const typescript = parser.configure({ dialect: "ts" });

/** Each link of a chapter that leads nowhere in the project. `all` are the chapters that anchors may lead to. */
export async function linkProblems(
  body: Body,
  all: readonly Body[],
  look: Look,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const link of body.blocks.flatMap(({ links }) => links)) {
    if (/^#(?:count|seen):/.test(link.href)) continue;
    const wrong = await wrongWith(link, body, all, look);
    if (!wrong) continue;
    const [message, remedy] = wrong;
    problems.push(new Problem(message, { path: body.chapter.path, line: link.line, remedy }));
  }
  return problems;
}

type Wrong = [message: string, remedy: string];

async function wrongWith(
  { href, code }: Link,
  body: Body,
  all: readonly Body[],
  look: Look,
): Promise<Wrong | undefined> {
  const target = targetOf(href, body.chapter.path);
  if (target === "far") return;
  if ("wrong" in target) return [target.wrong, target.remedy];
  const { path, anchor } = target;
  if (!path) return wrongAnchor(anchor, body);
  const text = await look(path);
  if (text === undefined) {
    return [`there is no ${path}`, "A link is a path from chapters/, such as ../sim/mod.ts"];
  }
  const chapter = all.find(({ chapter }) => chapter.path === path);
  if (chapter && anchor) return wrongAnchor(anchor, chapter);
  const [, ...names] = code?.match(/^([A-Za-z_$][\w$]*)(?:\.([A-Za-z_$][\w$]*))?(?:\(.*\))?$/) ??
    [];
  if (!path.endsWith(".ts") || names.length === 0) return;
  const declared = declaredIn(text);
  const missing = names.find((name) => name !== undefined && !declared.has(name));
  if (missing === undefined) return;
  return [
    `${path} declares no \`${missing}\``,
    didYouMean(
      missing,
      [...declared],
      (name) => `\`${name}\``,
      "Name what it declares, or another file",
    ),
  ];
}

function wrongAnchor(anchor: string | undefined, { chapter, blocks }: Body): Wrong | undefined {
  const ids = cellsOf(chapter).flatMap(({ marks }) => marks.id ?? []);
  const headings = blocks.filter(({ kind }) => kind === "heading").map(slugOf);
  const anchors = [...ids, ...headings];
  if (anchor && anchors.includes(anchor)) return;
  const remedy = anchors.length > 0
    ? didYouMean(anchor ?? "", anchors, (name) => `#${name}`)
    : "It has no cell with an id and no heading";
  return [`${chapter.path} has no cell and no heading \`${anchor ?? ""}\``, remedy];
}

/** A heading's anchor, as GitHub makes it. */
function slugOf({ text, code }: Block): string {
  const spans = code.values();
  const words = text.replaceAll(CODE, () => spans.next().value ?? "");
  return words.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");
}

/** What a file exports or declares outside of any function, and the members of its classes and types. */
function declaredIn(source: string): Set<string> {
  const names = new Set<string>();
  typescript.parse(source).iterate({
    enter: ({ name, node, from, to }) => {
      if (name === "Block" || name === "ParamList") return false;
      const exported = name === "VariableName" && node.parent?.name === "ExportGroup";
      if (exported || /^(?:Variable|Type|Property)Definition$/.test(name)) {
        names.add(source.slice(from, to));
      }
    },
  });
  return names;
}
