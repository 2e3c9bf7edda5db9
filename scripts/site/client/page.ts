/// <reference lib="dom" />
// What JavaScript adds to a chapter: each cell can be run and edited, under any era; films have pages to turn, and
// questions can be answered. Without it the page is whole already.

import { adopt, type CellView, equip, isEdited, undo } from "./cell.ts";
import { recount } from "./counts.ts";
import { kernels } from "./kernels.ts";
import { show } from "./output.ts";
import { part, words } from "./parts.ts";
import { ask } from "./predict.ts";
import { run } from "./run.ts";
import { step } from "./stepper.ts";

const article = document.querySelector<HTMLElement>("article[data-chapter]");
const cells: CellView[] = [];
/** The era of the chapter, and the one that is chosen now. */
const own = article?.dataset.kernel ?? "";
const { kernel, said } = kernels(own, { chosen: mark, runAll, reset: resetAll });

/** All that a cell's output depends on. */
const upTo = (n: number) =>
  [kernel(), ...cells.slice(0, n + 1).map((cell) => cell.code)].join("\0");
const runnable = () => cells.filter(({ section }) => !("ignore" in section.dataset));

/** Shows the chapter's own outputs again, as far as they are true: of the cells before the first that is edited. */
function restore() {
  for (const cell of cells) {
    if (isEdited(cell) || kernel() !== own) break;
    cell.output.replaceChildren(...cell.first);
    cell.kernel = own;
    cell.shown = upTo(cell.index);
    cell.status.textContent = "";
    recount(cell.section.id);
  }
}

function reset(cell: CellView) {
  undo(cell);
  restore();
  mark();
}

function resetAll(): string {
  restore();
  mark();
  const edited = cells.find(isEdited);
  const where = edited ? ` above cell ${edited.index + 1}, which you edited` : "";
  return `These are the chapter's own outputs${where}.`;
}

/** Says of each cell whether what it shows is what its code, the code above it and the rules would show now. */
function mark() {
  for (const cell of runnable()) {
    const stale = cell.shown !== upTo(cell.index);
    cell.section.classList.toggle("stale", stale);
    cell.section.classList.toggle("edited", isEdited(cell));
    if (cell.reset) cell.reset.hidden = !isEdited(cell);
    cell.section.querySelector(".note.state")?.remove();
    const text = stale
      ? `Stale: the ${cell.kernel === kernel() ? "code has" : "rules have"} changed since this ran.`
      : cell.kernel !== own && differs(cell)
      ? `By the rules of ${cell.kernel}. The chapter's own output is another.`
      : "";
    if (text) cell.output.before(part("p", "note state", text));
  }
  stops();
}

const differs = (cell: CellView) => words(cell.output) !== cell.firstWords;

let runs = 0;

/** Runs a cell, and all before it, from nothing. @returns the cell that failed */
async function execute(cell: CellView): Promise<CellView | undefined> {
  const turn = ++runs;
  const mine = cells.slice(0, cell.index + 1);
  const keys = mine.map(({ index }) => upTo(index));
  const rules = kernel();
  for (const { status } of [...cells, { status: said }]) status.textContent = "";
  cell.status.textContent = "Running";
  try {
    const { results, failure } = await run({
      root: document.documentElement.dataset.root!,
      chapter: article!.dataset.chapter!,
      kernel: rules,
      cells: mine.map(({ section, code }) => ({
        code,
        line: Number(section.dataset.line),
        ignore: "ignore" in section.dataset,
        throws: section.dataset.throws,
      })),
      edited: mine.some(isEdited),
    });
    const failed = failure && mine[failure.cell]!;
    if (failed && !results.some(({ index }) => index === failed.index)) {
      results.push({ index: failed.index, items: [] });
    }
    for (const result of results) {
      const one = cells[result.index]!;
      show(one.output, result, one.index + 1, one === failed ? failure!.message : undefined);
      recount(one.section.id, result.counts ?? {});
      one.shown = keys[one.index]!;
      one.kernel = rules;
    }
    failed?.reveal?.();
    if (failed && failed !== cell) failed.status.textContent = "Failed";
    cell.status.textContent = !failed
      ? "Ran from nothing"
      : failed === cell
      ? "Failed"
      : `Not reached: cell ${failed.index + 1} failed`;
    return failed;
  } catch (error) {
    cell.status.textContent = (error as Error).message;
    return cell;
  } finally {
    if (turn === runs) mark();
  }
}

/** Runs the whole chapter, and says what came out otherwise than the chapter has it. */
async function runAll() {
  const all = runnable();
  const rules = kernel();
  const running = execute(all.at(-1)!);
  said.textContent = "Running";
  const failed = await running;
  const others = all.filter(differs).length;
  const outputs = all.filter((cell) => cell.firstWords || words(cell.output)).length;
  said.textContent = failed
    ? `Stopped at cell ${failed.index + 1}.`
    : `By the rules of ${rules}, ${
      others === 0 ? "every output is" : `${others} of ${outputs} outputs are not`
    } the chapter's.`;
}

/** What fits needs no stop for the Tab key; what scrolls does. */
function stops() {
  for (const box of document.querySelectorAll<HTMLElement>("pre, .wide, .drawing")) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = box;
    if (scrollWidth > clientWidth || scrollHeight > clientHeight) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

for (const section of document.querySelectorAll<HTMLElement>(".cell")) cells.push(adopt(section));
for (const cell of cells) {
  cell.kernel = own;
  cell.shown = upTo(cell.index);
}
for (const cell of runnable()) {
  equip(cell, {
    run: async (cell) => {
      const failed = await execute(cell);
      if (!failed || failed === cell) cell.reveal?.();
    },
    reset,
    changed: mark,
  });
  cell.output.querySelectorAll<HTMLElement>(".film").forEach((film) => step(film));
}
for (const asked of document.querySelectorAll<HTMLElement>(".predict")) {
  const cell = cells[Number(asked.dataset.cell)]!;
  cell.reveal = ask(asked, cell.output);
}
mark();
addEventListener("resize", stops);
document.addEventListener("toggle", stops, true);
