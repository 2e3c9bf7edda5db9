// `deno task ok`: all that must be in order before a change is handed on: format, lint, types, docs, the rules of the
// house, then the tests. The tools run side by side; what one has to say is shown whole, once it is done.

import { bold, green, red } from "@std/fmt/colors";
import { houseProblems, readFiles } from "./house.ts";
import { readArguments } from "./tool/args.ts";
import { $, quietly } from "./tool/shell.ts";
import { main } from "./tool/problem.ts";
import { complain, say, setUpColors } from "./tool/terminal.ts";

const HELP = "deno task ok    format, lint, types, docs, house rules, then deno task test";

async function ok(): Promise<number> {
  setUpColors();
  if (!readArguments(Deno.args, { task: "ok", help: HELP, words: 0 })) return 0;
  // What they quote goes through our own door, which lets no colours but ours through.
  const run = quietly({ env: { ...Deno.env.toObject(), NO_COLOR: "1" } });
  // fmt and lint leave alone what .gitignore names, the learner's attempts; check is told what to look at.
  const steps = await Promise.all([
    step("format", run`deno fmt --check`),
    step("lint", run`deno lint --quiet`),
    step(
      "types",
      run`deno check --quiet sim scripts kata/*.ts kata/*/{exercise,solution,test}.ts kata/*/wrong/*.ts`,
    ),
    step("docs", run`deno doc --lint --quiet sim/mod.ts`),
    house(),
  ]);
  // On a terminal the tests show how far they are, so they keep it.
  const tests = await $({ nothrow: true, stdio: "inherit" })`deno task --quiet test`;
  const failed = steps.filter((fine) => !fine).length + (tests.exitCode === 0 ? 0 : 1);
  say(
    failed === 0 ? green("all is well") : red(`${failed} of ${steps.length + 1} are not well`),
  );
  return failed === 0 ? 0 : 1;
}

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

async function step(name: string, running: PromiseLike<Ended>): Promise<boolean> {
  const { exitCode, stdout, stderr } = await running;
  tell(name, exitCode === 0, `${stdout}${stderr}`);
  return exitCode === 0;
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
