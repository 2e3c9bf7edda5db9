// What a seed throws: every kind of deed, at low and at high addresses, by young and by old processes.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Addr, PAGE_SIZE } from "sim";
import { empty, inhabit, isSame, registered, worlds } from "./deeds.ts";
import { dice } from "./expect.ts";

test("every kind of deed is thrown, on large and small, by many processes", () => {
  const names = new Set<string>(), pids = new Set<number>(), addrs: Addr[] = [];
  for (const { deed: { pid, name, registers } } of worlds(1, 70)) {
    names.add(registers ? `registers ${registers[1] > 9 ? "many" : "few"}` : name);
    pids.add(pid);
    if (registers) addrs.push(registers[0]);
  }
  assert.equal([...names].sort(), [
    "calls exec",
    "closes",
    "exits",
    "forks",
    "has a limit",
    "may only read",
    "may write again",
    "registers few",
    "registers many",
    "starts a thread",
    "stores",
    "unmaps",
  ]);
  assert.ok(Math.max(...pids) > 20, `pid ${Math.max(...pids)}`);
  assert.ok(Math.min(...addrs) < 1 << 16 && Math.max(...addrs) > 2 ** 40);
  assert.ok(addrs.every((addr) => addr % PAGE_SIZE === 0));
});

test("the same seed throws the same world, another seed another", () => {
  const told = (seed: number) => [...worlds(seed, 2)].map(({ deed }) => deed.name).join();
  assert.is(told(3), told(3));
  assert.is.not(told(3), told(4));
});

test("isSame() compares the counts of every frame", () => {
  const [m, other] = [empty(), empty()];
  for (const one of [m, other]) inhabit(one, [{ addr: 0x7000, pages: 2, flags: 0x22 }], dice(1));
  assert.ok(isSame(m, other));
  registered(m, 1, 0x7000, 1);
  assert.not.ok(isSame(m, other));
});

test.run();
