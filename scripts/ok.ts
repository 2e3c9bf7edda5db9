// `deno task ok`: all that must be in order before a change is handed on: format, lint, types, docs, the rules of the
// house, then the tests. The tools run side by side; what one has to say is shown whole, once it is done.

import { bold, green, red } from "@std/fmt/colors";
import { houseProblems, readFiles } from "./house.ts";
import { readArguments } from "./tool/args.ts";
import { deno } from "./tool/limited.ts";
import { main } from "./tool/problem.ts";
import { complain, say, setUpColors } from "./tool/terminal.ts";

const HELP = "deno task ok    format, lint, types, docs, house rules, then deno task test";

async function ok(): Promise<number> {
  setUpColors();
  if (!readArguments(Deno.args, { task: "ok", help: HELP, words: 0 })) return 0;
  // fmt and lint leave alone what .gitignore names, the learner's attempts; check is told what to look at.
  const katas = ["kata/*.ts", "kata/*/{exercise,solution,test}.ts", "kata/*/wrong/*.ts"];
  const steps = await Promise.all([
    step("format", ["fmt", "--check"]),
    step("lint", ["lint", "--quiet"]),
    step("types", ["check", "--quiet", "sim", "scripts", ...katas]),
    step("docs", ["doc", "--lint", "--quiet", "sim/mod.ts"]),
    house(),
  ]);
  // On a terminal the tests show how far they are, so they keep it.
  const tests = await new Deno.Command("deno", { args: ["task", "--quiet", "test"] }).spawn()
    .status;
  const failed = steps.filter((fine) => !fine).length + (tests.success ? 0 : 1);
  say(
    failed === 0 ? green("all is well") : red(`${failed} of ${steps.length + 1} are not well`),
  );
  return failed === 0 ? 0 : 1;
}

/** Runs `deno` with these arguments; it expands patterns of paths itself. Colours are our own: it has none. */
async function step(name: string, args: string[]): Promise<boolean> {
  const { code, stdout, stderr } = await deno(args);
  tell(name, code === 0, `${stdout}${stderr}`);
  return code === 0;
}

async function house(): Promise<boolean> {
  const problems = houseProblems(await readFiles());
  tell("house rules", problems.length === 0, problems.join("\n"));
  return problems.length === 0;
}

function tell(name: string, fine: boolean, said: string): void {
  say(fine ? `${green("ok")}  ${name}` : `${red("NOT OK")}  ${bold(name)}`);
  if (!fine) complain(said.trim());
}

if (import.meta.main) await main(ok);
