// The lines about the machine, and the yardstick's figures.
import { stripAnsiCode } from "@std/fmt/colors";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { comparison, machineLines } from "./machine.ts";
import { parseYardstick } from "./yardstick.ts";

const test = suite("bench of the machine");

test("comparison() says the ratio, what it is made of and whether the aim is met", () => {
  assert.is(
    stripAnsiCode(comparison("a fault", 400, 1_600, 0.3)),
    "a fault: 0.25 of the kernel's, 400 ns to 1,600 ns; at most 0.3 is the aim: met",
  );
  assert.match(comparison("a fault", 490, 1_600, 0.3), /0\.31 .* the aim: not met$/);
});

test("parseYardstick() reads a name and nanoseconds a line, and nothing else", () => {
  const text = "cow_fault 1706.6\nmadvise_2000 1546.1\nperf: 3\n";
  assert.equal([...parseYardstick(text)], [["cow_fault", 1706.6], ["madvise_2000", 1546.1]]);
  assert.is(parseYardstick("").size, 0);
});

test("machineLines() compares what the yardstick has measured", () => {
  const names = ["cow_fault", "madvise_few", "madvise_2000", "fork_page"];
  const beside = (time: number) =>
    machineLines({ times: new Map(names.map((name) => [name, time])) }, { rounds: 1, warmUp: 0 });
  const slow = beside(1e9), fast = beside(1e-3);
  assert.is(slow.length, names.length + 2);
  for (const line of slow.slice(0, -2)) assert.match(line, /: met$/);
  for (const line of fast.slice(0, -2)) assert.match(line, /: not met$/);
});

test.run();
