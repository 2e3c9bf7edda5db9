import { test } from "uvu";
import * as assert from "uvu/assert";
import { milliseconds } from "./measured.ts";

test("milliseconds() adds the two times of a line that `times` prints", () => {
  assert.is(milliseconds("1m0.500s 0m0.250s"), 60_750);
  assert.is(milliseconds("0m0.000s 0m0.004s"), 4);
});

test.run();
