// `deno task learn`: the course at http://localhost:8000, built anew on every save, with a verdict on every attempt.

import { readArguments, wholeNumber } from "./tool/args.ts";
import { main, Problem } from "./tool/problem.ts";
import { say, setUpColors } from "./tool/terminal.ts";
import { Live } from "./site/live.ts";
import { answer } from "./site/serve.ts";

const HELP = `deno task learn    the course at http://localhost:8000

  --port N   the first port to try, 8000 unless told
  --open     opens the page in your browser

Chapters with live cells, and katas with the verdict on your attempt.ts the moment you save it, on this machine alone. Control and C end it.`;

/** How many ports to try before giving up. */
const tries = 20;

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
  const port = listen(wanted, live);
  if (port !== wanted) say(`Port ${wanted} is busy, so it is ${port}.`);
  const address = `http://localhost:${port}`;
  say(`The course is at ${address}`);
  Deno.addSignalListener("SIGINT", () => Deno.exit(0));
  if (options.open) await open(address);
  await live.run();
});

/** Serves on the first free port from `wanted` on, and returns it. */
function listen(wanted: number, live: Live): number {
  const last = Math.min(wanted + tries, 65535);
  for (let port = wanted; port <= last; port++) {
    try {
      Deno.serve({
        hostname: "127.0.0.1",
        port,
        onListen: () => {},
        onError: () => new Response("The server failed; its terminal says why.\n", { status: 500 }),
      }, (request) => answer(request, live));
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Problem(`all ports from ${wanted} to ${last} are busy`, {
    remedy: "Name a free one: deno task learn --port N",
  });
}

/** Opens the browser, by the command that this system has for it. */
async function open(address: string): Promise<void> {
  const commands = { darwin: "open", windows: "explorer" } as Record<string, string>;
  const command = commands[Deno.build.os] ?? "xdg-open";
  try {
    await new Deno.Command(command, { args: [address], stdout: "null", stderr: "null" }).spawn()
      .status;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    say(`There is no ${command} here: open the address yourself.`);
  }
}
