// The port of `learn`: the one that was asked for, or the next that is free.

import { Problem } from "../tool/problem.ts";
import { complain } from "../tool/terminal.ts";

/** How many ports to try before giving up. */
const TRIES = 20;
/** Below it, Unix asks who one is. */
const FIRST_FREE = 1024;

/** What answers requests. */
export type Answer = (request: Request) => Promise<Response>;
/** Serves on a port of this machine, or throws as the system does. */
export type Serve = (port: number, answer: Answer) => void;

/** Serves on the first free port from `wanted` on, and returns it. @throws Problem when there is none for us */
export function listen(wanted: number, answer: Answer, serve: Serve = serveHere): number {
  const last = Math.min(wanted + TRIES, 65535);
  for (let port = wanted; port <= last; port++) {
    try {
      serve(port, answer);
      return port;
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) continue;
      if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
      throw new Problem(`port ${port} is not for you: the system keeps it for others`, {
        remedy: `Name one from ${FIRST_FREE} on: deno task learn --port 8000`,
      });
    }
  }
  throw new Problem(`all ports from ${wanted} to ${last} are busy`, {
    remedy: "Name a free one: deno task learn --port N",
  });
}

const serveHere: Serve = (port, answer) => {
  const onError = (error: unknown) => {
    complain(`error: a request could not be answered\n  ${error}`);
    return new Response("The server failed; its terminal says why.\n", { status: 500 });
  };
  Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {}, onError }, answer);
};
