import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseTimes } from "./chapters.ts";

test("the children's time is on the last line of what `times` prints", () => {
  assert.is(parseTimes("noise\n0m0.002s 0m0.001s\n1m0.500s 0m0.250s\n"), 60_750);
  assert.is(parseTimes("0m0.002s 0m0.001s\n0m0.000s 0m0.004s\n"), 4);
  assert.is(parseTimes("bash: times: not found\n"), undefined);
  assert.is(parseTimes(""), undefined);
});

test.run();
