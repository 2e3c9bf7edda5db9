// Stands for the probe in tests: speaks its protocol, and answers as the simulator does. No test may need a compiler or a
// certain kernel. `--dies WORD` ends it, `--lies WORD` makes it read 99, where a line has the word; `--garbles` spoils all.
// With `--stale` its processor holds every translation for as long as one may.

import { parseArgs } from "@std/cli/parse-args";
import { releaseNamed } from "sim";
import { machineAnswers } from "./compare.ts";

const options = parseArgs(Deno.args, {
  boolean: ["allow-settings", "restore", "garbles", "stale"],
  string: ["state", "kernel", "header", "dies", "lies"],
});
const release = releaseNamed(String(options.kernel ?? "6.18.44"));
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

if (options.restore) {
  await Deno.remove(String(options.state));
  Deno.exit(0);
}
say(
  String(
    options.header ??
      `# release=${release.release}-fake arch=fake frames=yes faults=yes uring=yes swap=no`,
  ),
);
say("# no swap: it is a fake");

let scene: string[] = [];
let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    if (line.startsWith("===")) {
      scene = [];
      say(line);
      continue;
    }
    if (options.dies && line.includes(String(options.dies))) {
      console.error("fake: it died, as it was told");
      Deno.exit(3);
    }
    scene.push(line);
    const answer = machineAnswers(scene, release).at(-1)!.replace(
      "f?",
      options.stale ? "f1" : "f0",
    );
    const lie = options.lies && line.includes(String(options.lies)) && answer.startsWith("=");
    const told = lie ? "=99" : answer;
    say(options.garbles ? `what? -> ${told}` : `${line} -> ${told}`);
  }
}
