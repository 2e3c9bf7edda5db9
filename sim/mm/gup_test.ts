// get_user_pages under rules that do not fit each other.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { anonExclusive, type Era, KernelBug, Lab, largeFolio, PROT_READ } from "../mod.ts";

const A = 0x7000;
const test = suite("gup");

for (
  const [what, era, fault] of [
    ["breaks the sharing of what may not be written", {
      ...largeFolio,
      gupMustBreakCow: () => true,
    }, "a write fault"],
    ["unshares without the mark", { ...anonExclusive, anonExclusive: false }, "an unsharing fault"],
  ] satisfies [string, Era, string][]
) {
  test(`get_user_pages() that ${what} is a bug, and no endless loop`, () => {
    const m = new Lab(era, { invariants: false });
    m.mmap(1, A);
    m.store(1, A, "x");
    m.fork(1);
    m.mprotect(1, A, 1, PROT_READ);
    assert.throws(
      () => m.pin_user_pages(1, A, 1, 0, "nic"),
      (error: unknown) => error instanceof KernelBug && error.message.includes(fault),
    );
  });
}

test.run();
