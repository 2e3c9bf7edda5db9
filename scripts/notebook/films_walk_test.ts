import { setColorEnabled } from "@std/fmt/colors";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Film, filmLines, walk } from "./films.ts";

setColorEnabled(false);

const film: Film = {
  kind: "view",
  text: "one\n    1\ntwo\n    2\nthree\n    3",
  svg: "",
  steps: ["one", "two", "three"].map((operation, at) => ({
    ...{ operation, reasons: [`why ${operation}`], text: String(at + 1), svg: "", verdicts: [] },
  })),
};

/** Walks with these keys; gives which pictures were drawn, how it ended, and what was written. */
async function walked(keys: string[], rows = 24) {
  const said: string[] = [];
  const typed = keys.values();
  const end = await walk(film, "cell `a`", {
    columns: () => 40,
    rows: () => rows,
    say: (...lines) => void said.push(...lines),
    rubOut: (lines) => void said.push(`(${lines} lines less)`),
    typed: () => Promise.resolve(typed.next().value),
  });
  const drawn = said.flatMap((line) => line.match(/picture (\d) of 3$/)?.[1] ?? []).join("");
  return { end, drawn, said };
}

test("Enter and the arrow keys go through a film, q leaves it", async () => {
  const cases: [keys: string[], drawn: string, end: string][] = [
    [["\r", "\r", "\r"], "123", "end"],
    [["\x1b[C", "\x1b[B", "\x1b[D", "\x1b[A", "\x1b[A", "q"], "12321", "left"],
    [["\r\r\r"], "123", "end"],
    [["x", "\x1b[5~", "\x1b", "\r", "\x7f"], "121", "left"],
    [["\r", "\x03", "\r"], "12", "interrupted"],
    [["\x04", "\r"], "1", "left"],
    [[], "1", "left"],
  ];
  for (const [keys, drawn, end] of cases) {
    const result = await walked(keys);
    assert.equal([result.drawn, result.end], [drawn, end], JSON.stringify(keys));
  }
});

test("a picture has its operation and the reasons, and takes the place of the one before", async () => {
  const { said } = await walked(["\r", "q"]);
  const block = (at: string, operation: string) => [
    `cell \`a\`: picture ${at} of 3`,
    operation,
    `  why ${operation}`,
    "",
    at,
    "",
    "Enter → next, ← back, q leave",
  ];
  assert.equal(said, [...block("1", "one"), "(7 lines less)", ...block("2", "two")]);
});

test("in a terminal that is too low, pictures stand one under the other", async () => {
  const { said } = await walked(["\r", "q"], 6);
  assert.not(said.join("").includes("less"));
});

test("without keys all pictures are there", () => {
  assert.equal(filmLines(film, "cell `a`", 40), [
    "cell `a`: 3 pictures",
    "",
    ...film.text.split("\n"),
  ]);
});

test.run();
