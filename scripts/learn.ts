// `deno task learn`: the course at http://localhost:8000, built anew on every save, with a verdict on every attempt.

import { readArguments, wholeNumber } from "./tool/args.ts";
import { deno } from "./tool/limited.ts";
import { main } from "./tool/problem.ts";
import { say, setUpColors } from "./tool/terminal.ts";
import { listen } from "./site/listen.ts";
import { Live } from "./site/live.ts";
import { answer } from "./site/serve.ts";

const HELP = `deno task learn    the course at http://localhost:8000

  --port N   the first port to try, 8000 unless told
  --open     opens the page in your browser

Chapters with live cells, and katas with the verdict on your attempt.ts the moment you save it, on this machine alone. Control and C end it.`;

await main(async () => {
  setUpColors();
  const options = readArguments(Deno.args, {
    ...{ task: "learn", help: HELP, words: 0 },
    switches: ["open"],
    values: ["port"],
  });
  if (!options) return;
  const wanted = wholeNumber("port", options.port, { least: 1, most: 65535 }) ?? 8000;
  const live = new Live();
  const port = listen(wanted, (request) => answer(request, live));
  if (port !== wanted) say(`Port ${wanted} is busy, so it is ${port}.`);
  const address = `http://localhost:${port}`;
  say(`The course is at ${address}`);
  Deno.addSignalListener("SIGINT", () => Deno.exit(0));
  await Promise.all([live.run(), options.open && open(address)]);
});

/** Opens the browser, by the command that this system has for it. */
async function open(address: string): Promise<void> {
  const commands = { darwin: "open", windows: "explorer" } as Record<string, string>;
  const command = commands[Deno.build.os] ?? "xdg-open";
  const opener = new URL("site/open.ts", import.meta.url).href;
  const flags = ["--quiet", "--no-prompt", "--no-config", `--allow-run=${command}`];
  const { code } = await deno(["run", ...flags, opener, command, address]);
  if (code === 127) say(`There is no ${command} here: open the address yourself.`);
}
