// How an address is cut, and what is written of a mapping.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  Lab,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "./mod.ts";
import { mapsText, offset_in_page, vmaText, vpnOf } from "./address.ts";

const A = 0x1b000;

const test = suite("address");

test("vpnOf() and offset_in_page() cut an address", () => {
  assert.equal([0, 4095, 4096, A + 7].map(vpnOf), [0, 0, 1, 0x1b]);
  assert.equal([0, 4095, 4096, A + 7].map(offset_in_page), [0, 4095, 0, 7]);
});

test("vmaText() says what /proc/PID/maps would, mapsText() all of it", () => {
  const m = new Lab(mapcount);
  assert.is(mapsText(m.mm(1)), "nothing");
  m.mmap(1, A, 2, PROT_READ | PROT_WRITE | PROT_EXEC);
  m.mmap(1, A + 0x3000, 1, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS);
  m.mmap(1, A + 0x4000, 1, PROT_READ);
  m.mmap(1, A + 0x5000, 1, PROT_WRITE);
  m.mmap(1, A + 0x6000, 1, PROT_NONE);
  assert.is(vmaText(m.mm(1).vmas[0]!), "0x1b000-0x1d000 rwxp");
  assert.is(
    mapsText(m.mm(1)),
    "0x1b000-0x1d000 rwxp, 0x1e000-0x1f000 ---s, 0x1f000-0x20000 r--p, 0x20000-0x21000 -w-p, " +
      "0x21000-0x22000 ---p",
  );
});

test.run();
