// The marks after ```ts on a cell's opening fence: `id=lost-write`, `ignore`, `file=sim/era.ts`, `throws=EFAULT`, `steps`.

import { closestString } from "@std/text/closest-string";
import { Problem } from "../tool/problem.ts";
import type { Marks } from "./chapter.ts";

const forms: Record<string, { value: RegExp | null; example: string }> = {
  id: { value: /^[a-z0-9]+(-[a-z0-9]+)*$/, example: "id=lost-write" },
  ignore: { value: null, example: "ignore" },
  file: { value: /^[\w-]+(?:[/.][\w-]+)+$/, example: "file=sim/era.ts" },
  throws: { value: /^[A-Za-z_]\w*$/, example: "throws=EFAULT" },
  steps: { value: null, example: "steps" },
};

/** Reads the words after `ts`. Throws a {@linkcode Problem} at `path:line` for a mark that does not exist. */
export function parseMarks(words: readonly string[], path: string, line: number): Marks {
  const marks: Record<string, string | true> = {};
  const refuse = (message: string, remedy: string): never => {
    throw new Problem(message, { path, line, remedy });
  };
  for (const word of words) {
    const [name = "", value] = word.split(/=(.*)/s);
    const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
    if (!form) {
      const close = forms[closestString(name, Object.keys(forms))]!.example;
      refuse(`a cell has no mark \`${name}\``, `Did you mean \`${close}\`?`);
    } else if (form.value ? !form.value.test(value ?? "") : value !== undefined) {
      refuse(`the mark \`${word}\` is malformed`, `It is written \`${form.example}\``);
    } else if (marks[name]) {
      refuse(`the mark \`${name}\` stands here twice`, "Keep one");
    }
    marks[name] = value ?? true;
  }
  if (marks.ignore && marks.throws) {
    refuse("a cell that is not run throws nothing", "Keep `ignore` or `throws`, not both");
  }
  if (marks.ignore && marks.steps) {
    refuse("a cell that is not run shows no film", "Keep `ignore` or `steps`, not both");
  }
  if (marks.file && !marks.ignore) {
    refuse("what is quoted from a file is not run", "Write `ignore` before `file=…`");
  }
  return marks as Marks;
}
