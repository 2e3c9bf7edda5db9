// The course on every era, each chapter run once more by itself: a cell that comes out otherwise is marked, and none that
// says another name and nothing else.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { eras } from "../../sim/mod.ts";
import { cellsOf } from "./chapter.ts";
import { readChapters } from "./files.ts";
import { outputText } from "./harness.ts";
import { besideChapters } from "./kernels.ts";
import { runChapters } from "./run.ts";

const { chapters } = await readChapters();
const own = await runChapters(chapters);
const marked = await besideChapters(chapters);

for (const { name } of eras) {
  test(`on ${name} the cells that come out otherwise are marked, and no others`, async () => {
    const runs = await runChapters(chapters, { kernel: name });
    for (const chapter of chapters) {
      const { slug, front } = chapter, onEra = marked.get(slug)!.on.get(name)!;
      const text = (cell: number, run: typeof own) => {
        const said = outputText(run.get(slug)!.cells.find(({ index }) => index === cell));
        return said.replaceAll(front.kernel, "RULE").replaceAll(name, "RULE");
      };
      for (const { index } of cellsOf(chapter)) {
        const beside = onEra.get(index), where = `${slug}, cell ${index + 1}`;
        const otherwise = text(index, own) !== text(index, runs);
        if (otherwise) assert.ok(beside, `${where} differs and is not marked`);
        else if (beside) {
          // Then the machines do, without a word.
          assert.ok(beside.parting, `${where} is marked, and says the same`);
          assert.not.equal(beside.parting.own.text, beside.parting.other.text, where);
        }
      }
    }
  });
}

test("what is lost or leaked is in the picture of the operation that does it", () => {
  let seen = 0;
  for (const [slug, { on }] of marked) {
    for (const [kernel, cells] of on) {
      for (const [cell, { mark, parting, wrong }] of cells) {
        if (mark !== "lost") continue;
        const { own, other } = parting!.harm ?? parting!, where = `${slug} ${cell + 1} ${kernel}`;
        assert.ok(wrong!.some((word) => other.text.includes(`✗ ${word}`)), where);
        assert.ok(!wrong!.every((word) => own.text.includes(`✗ ${word}`)), where);
        seen++;
      }
    }
  }
  assert.ok(seen > 0);
});

test("some cells differ on other eras, and some only in the kernel's books", () => {
  const marks = [...marked.values()].flatMap(({ on }) =>
    [...on.values()].flatMap((cells) => [...cells.values()].map(({ mark }) => mark))
  );
  for (const mark of ["differs", "lines"] as const) assert.ok(marks.includes(mark), mark);
});

test.run();
