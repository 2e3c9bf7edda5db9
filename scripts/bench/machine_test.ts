// The lines about the machine, and the yardstick's figures.
import { stripAnsiCode } from "@std/fmt/colors";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { comparison, machineLines } from "./machine.ts";
import { parseYardstick } from "./yardstick.ts";

const test = suite("bench of the machine");

test("comparison() says the ratio and what it is made of", () => {
  assert.is(
    stripAnsiCode(comparison("a fault", 400, 1_600)),
    "a fault: 0.25 of the kernel's, 400 ns to 1,600 ns",
  );
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
  for (const line of slow.slice(0, -2)) assert.match(stripAnsiCode(line), / to 1,000,000,000 ns$/);
  for (const line of fast.slice(0, -2)) assert.match(stripAnsiCode(line), / to 0 ns$/);
});

test.run();
