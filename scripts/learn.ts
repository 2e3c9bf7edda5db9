// `deno task learn`: the course at http://localhost:8000, built anew on every save, with a verdict on every attempt.

import { parseArgs } from "@std/cli/parse-args";
import { main, Problem } from "./tool/problem.ts";
import { Live } from "./site/live.ts";
import { answer } from "./site/serve.ts";

const usage = `usage: deno task learn [--port N] [--open]

Serves the course on this machine: chapters with live cells, and katas with the verdict on
your attempt.ts the moment you save it. Control and C end it.

  --port N   the port to begin with, 8000 unless given; a busy one is passed over
  --open     opens the page in your browser`;

/** How many ports to try before giving up. */
const tries = 20;

await main(async () => {
  const options = parseArgs(Deno.args, {
    boolean: ["help", "open"],
    string: ["port"],
    unknown: (arg) => {
      throw new Problem(`learn does not know ${arg}`, { remedy: usage });
    },
  });
  if (options.help) return console.log(usage);
  const wanted = Number(options.port ?? 8000);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
    throw new Problem(`--port ${options.port}: not a port`, { remedy: "A number from 1 to 65535" });
  }
  const live = new Live();
  const port = listen(wanted, live);
  if (port !== wanted) console.log(`Port ${wanted} is busy, so it is ${port}.`);
  const address = `http://localhost:${port}`;
  console.log(`The course is at ${address}`);
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
    console.log(`There is no ${command} here: open the address yourself.`);
  }
}
