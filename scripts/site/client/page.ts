/// <reference lib="dom" />
// What JavaScript adds to a chapter: each cell can be run and edited, under any era; films have pages to turn, and
// questions can be answered. Without it the page is whole already.

import type { CellResult } from "../../notebook/harness.ts";
import { adopt, type CellView, equip, isEdited, markLine } from "./cell.ts";
import { followContents } from "./contents.ts";
import { recount } from "./counts.ts";
import { recall } from "./edits.ts";
import { kernels } from "./kernels.ts";
import { load } from "./load.ts";
import { linked, part, words } from "./parts.ts";
import { ask } from "./predict.ts";
import type { Failure, run, show, warm } from "./run.ts";
import { step } from "./stepper.ts";

const article = document.querySelector<HTMLElement>("article[data-chapter]");
const cells: CellView[] = [];
/** The era of the chapter, and the one that is chosen now. */
const own = article?.dataset.kernel ?? "";
const { kernel, said, otherwise } = kernels(own, { chosen: mark, runAll, reset: resetAll });

/** All that a cell's output depends on. */
const upTo = (n: number) =>
  [kernel(), ...cells.slice(0, n + 1).map((cell) => cell.code)].join("\0");
const runnable = () => cells.filter(({ section }) => !("ignore" in section.dataset));

/** Shows the chapter's own outputs again, as far as they are true: of the cells before the first that is edited. */
function restore() {
  for (const cell of cells) {
    if (isEdited(cell) || kernel() !== own) break;
    cell.output.replaceChildren(...cell.first);
    cell.shows = undefined;
    cell.kernel = own;
    cell.shown = upTo(cell.index);
    cell.status.textContent = "";
    markLine(cell);
    recount(cell.section.id);
  }
}

function reset() {
  restore();
  mark();
}

function resetAll(): string {
  reset();
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
    cell.reset!.hidden = !isEdited(cell);
    cell.undo!.hidden = cell.undone === undefined;
    cell.section.querySelector(".note.state")?.remove();
    const text = stale
      ? whyStale(cell)
      : cell.kernel !== own && differs(cell)
      ? `By the rules of ${cell.kernel}. The chapter's own output is another.`
      : "";
    if (text) cell.output.before(part("p", "note state", text));
  }
  stops();
}

/** What nobody ran is the chapter's, and where it shows nothing, or would show the same, there is nothing to say. */
function whyStale(cell: CellView): string {
  const changed = cell.kernel === kernel() ? "code has changed" : "rules have changed";
  if (cell.shows !== undefined) return `Stale: the ${changed} since this ran.`;
  if (!cell.output.firstChild) return "";
  if (isEditedUpTo(cell)) return `This is the chapter's own output, and the ${changed}.`;
  return otherwise(cell.section, kernel())
    ? `This is the chapter's own output. On ${kernel()} it is another.`
    : "";
}

const isEditedUpTo = (cell: CellView) => cells.slice(0, cell.index + 1).some(isEdited);

/** The strip knows of the chapter's own code whether more than a name is another; of what is edited the words must do. */
const differs = (cell: CellView) =>
  isEditedUpTo(cell)
    ? words(cell.output) !== cell.firstWords
    : otherwise(cell.section, cell.kernel);

/** The text that runs the chapter's own cells: its script hands it over, and the sandbox alone reads it as code. */
let text = "";
Object.assign(globalThis, { pinnedCells: (given: string) => text = given });

/** What runs cells, loaded when somebody is about to run one. */
async function runner() {
  const root = document.documentElement.dataset.root!;
  const { chapter } = article!.dataset;
  const scripts = ["assets/run.js", "assets/machine.js", `chapters/${chapter}.run.js`];
  await Promise.all(scripts.map((script) => load(root + script)));
  type Runner = { run: typeof run; show: typeof show; warm: typeof warm };
  const { pinned_run } = globalThis as unknown as { pinned_run: (name: "main") => Runner };
  return { root, ...pinned_run("main") };
}

/** The cells that a reader waits for. */
const waiting = new Set<CellView>();

/**
 * Runs a cell, and all before it, from nothing. A run that is under way ends: this one is that of its cell, too, if that
 * stands above.
 *
 * @returns the cell that failed, "replaced" where another run came between
 */
async function execute(cell: CellView): Promise<CellView | "replaced" | undefined> {
  const mine = cells.slice(0, cell.index + 1);
  const keys = mine.map(({ index }) => upTo(index));
  const rules = kernel();
  for (const one of cells) {
    const below = waiting.has(one) && one.index > cell.index;
    if (below) waiting.delete(one);
    if (!waiting.has(one)) tell(one, below ? `Not run: cell ${cell.index + 1} was, instead` : "");
  }
  said.textContent = "";
  waiting.add(cell);
  tell(cell, "Running");
  let failed: CellView | undefined;
  try {
    const { root, run, show } = await runner();
    const put = (result: CellResult, failure?: Failure) => {
      const one = mine[result.index]!;
      const mishap = failure?.cell === one.index ? failure : undefined;
      const shows = JSON.stringify([result.items, mishap, one.code]);
      // What it shows already is not drawn anew: a reader may have opened something there.
      if (one.shows !== shows) {
        show(one.output, result, one.index + 1, mishap && wordsOf(mishap));
      }
      markLine(one);
      if (mishap?.at) markLine(cells[mishap.at.cell]!, mishap.at.line);
      recount(one.section.id, result.counts ?? {});
      Object.assign(one, { shows, shown: keys[one.index]!, kernel: rules });
    };
    const outcome = await run({
      root,
      kernel: rules,
      own: text,
      cells: mine.map((one) => ({
        code: one.code,
        line: lineOf(one),
        ignore: "ignore" in one.section.dataset,
        throws: one.section.dataset.throws,
        edited: isEdited(one),
      })),
      ended: put,
    });
    if (!outcome) return "replaced";
    const { last, failure } = outcome;
    failed = failure && mine[failure.cell]!;
    if (last) put(last, failure);
    if (failed && failed.index !== last?.index) put({ index: failed.index, items: [] }, failure);
    failed?.reveal?.();
    if (failed) tell(failed, "Failed");
    for (const one of waiting) {
      if (failed && failed.index < one.index) {
        tell(one, `Not reached: cell ${failed.index + 1} failed`);
      } else {
        if (one !== failed) tell(one, endOf(mine.slice(0, one.index + 1)));
        one.reveal?.();
      }
    }
  } catch (error) {
    failed = cell;
    for (const one of waiting) tell(one, (error as Error).message);
  }
  waiting.clear();
  mark();
  return failed;
}

const tell = (cell: CellView, text: string) => cell.status.replaceChildren(...linked(text));
const lineOf = ({ section }: CellView) => Number(section.dataset.line);

/** The page takes types off; only `deno task chapter --check` holds them against the code. */
const endOf = (ran: readonly CellView[]) =>
  ran.some(isEdited) ? "Ran from nothing, types not checked" : "Ran from nothing";

/** A failure, its place in the page and, where it is the chapter's own code, its place in the chapter. */
function wordsOf({ message, at }: Failure): string {
  if (!at) return message;
  const cell = cells[at.cell]!, file = article!.dataset.file;
  const place = isEdited(cell)
    ? `edited; it begins at ${file}:${lineOf(cell)}`
    : `${file}:${lineOf(cell) + at.line}`;
  return `${message}\n  at cell ${at.cell + 1}, line ${at.line} (${place})`;
}

/** Runs the whole chapter, and says what came out otherwise than the chapter has it. */
async function runAll() {
  const all = runnable();
  const rules = kernel();
  const running = execute(all.at(-1)!);
  said.textContent = "Running";
  const failed = await running;
  if (failed === "replaced") return;
  const others = all.filter(differs).length;
  const outputs = all.filter((cell) => cell.firstWords || words(cell.output)).length;
  said.replaceChildren(...linked(
    failed
      ? `Stopped at cell ${failed.index + 1}.`
      : `By the rules of ${rules}, ${
        others === 0 ? "every output is" : `${others} of ${outputs} outputs are not`
      } the chapter's.`,
  ));
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
const kept = recall(cells);
for (const cell of runnable()) {
  equip(cell, { run: execute, reset, changed: mark }, kept[cell.index]);
  cell.output.querySelectorAll<HTMLElement>(".film").forEach((film) => step(film));
}
for (const asked of document.querySelectorAll<HTMLElement>(".predict")) {
  const cell = cells[Number(asked.dataset.cell)]!;
  cell.reveal = ask(asked, cell.output, stops);
}
mark();
followContents();
addEventListener("resize", stops);
document.addEventListener("toggle", stops, true);
// Who reaches for a cell's tools is about to run it. What fails here fails again when it does, and is told then.
for (const intent of ["pointerover", "pointerdown", "focusin"]) {
  document.addEventListener(intent, ({ target }) => {
    if (!(target as Element).closest(".cell, .kernels")) return;
    runner().then(({ warm }) => warm()).catch(() => {});
  });
}
