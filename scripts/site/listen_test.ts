// Looks for a port where the system says no.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { Problem } from "../tool/problem.ts";
import { listen } from "./listen.ts";

const answer = () => Promise.resolve(new Response());

test("listen() passes over busy ports, up to a point", () => {
  const tried: number[] = [];
  const busyBelow = (free: number) => (port: number) => {
    tried.push(port);
    if (port < free) throw new Deno.errors.AddrInUse("busy");
  };
  assert.is(listen(8000, answer, busyBelow(8003)), 8003);
  assert.equal(tried, [8000, 8001, 8002, 8003]);
  assert.throws(
    () => listen(65530, answer, busyBelow(99999)),
    (error: unknown) =>
      error instanceof Problem && /^error: all ports from 65530 to 65535 are/.test(String(error)),
  );
});

test("listen() says so where a port is the system's, as 80 is for a user", () => {
  const denied = () => {
    throw new Deno.errors.PermissionDenied("Permission denied (os error 13)");
  };
  assert.throws(
    () => listen(80, answer, denied),
    (error: unknown) =>
      error instanceof Problem &&
      /^error: port 80 is not for you.*\n {2}Name one from 1024 on/.test(String(error)),
  );
});

test.run();
