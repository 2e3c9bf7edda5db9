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

test("machineLines() compares each thing with what the yardstick has measured for it", () => {
  const slow = ["cow_fault", "madvise_2000"], fast = ["madvise_few", "fork_page"];
  const times = new Map([
    ...slow.map((name) => [name, 1e9] as const),
    ...fast.map((name) => [name, 1e-3] as const),
  ]);
  const lines = machineLines({ times }, { rounds: 1, warmUp: 0 }).map(stripAnsiCode);
  assert.is(lines.length, 6);
  const told = lines.slice(0, -2).map((line) => line.match(/ to (\S+) ns$/)?.[1]);
  assert.equal(told, ["1,000,000,000", "0", "1,000,000,000", "0"]);
});

test.run();
