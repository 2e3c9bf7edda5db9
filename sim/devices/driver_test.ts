// Devices and their drivers: which bytes a device reaches, what a driver asks for, and when it lets go.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Care,
  Errno,
  FOLL_PIN,
  FOLL_WRITE,
  framesText,
  KernelBug,
  Lab,
  largeFolio,
  MAP_ANONYMOUS,
  MAP_SHARED,
  mapcount,
  maps,
  pageCount,
  PROT_READ,
  PROT_WRITE,
  releaseNamed,
  roLongterm,
  Signal,
} from "../mod.ts";
import { dmaRead, dmaWrite } from "./dma.ts";

const A = 0x1b000;
const RW = PROT_READ | PROT_WRITE;

const test = suite("driver");

/** What a call is refused with; 0 where it is not. */
function code(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Errno || error instanceof Signal) return error.code;
    throw error;
  }
  return "0";
}

/** A device that holds two pages of process 1. */
function held(): Lab {
  const m = new Lab(pageCount);
  m.mmap(1, A, 2);
  m.pin_user_pages(1, A, 2, FOLL_WRITE, "nic");
  return m;
}

test("a device writes and reads over the end of a page, in the order in which it got its pages", () => {
  const m = held(), bytes = Array.from({ length: 4100 }, (_, i) => 1 + i % 250);
  m.deviceWrite("nic", bytes, 4090);
  assert.equal([...m.load(1, A + 4090, 4100)], bytes);
  assert.equal([...dmaRead(m, "nic", 4090, 4100)], bytes);
  assert.equal([...dmaRead(m, "nic", 4089, 3)], [0, 1, 2]);
  assert.equal([...dmaRead(m, "nic", 8189, 3)], [...m.load(1, A + 8189, 3)]);
  m.deviceWrite("nic", [9], 8191);
  assert.equal([...m.load(1, A + 8191, 1)], [9]);
  const back = new Lab(pageCount);
  back.mmap(1, A, 2);
  for (const page of [1, 0]) back.get_user_pages(1, A + page * 4096, 1, FOLL_WRITE, "nic");
  back.deviceWrite("nic", "first");
  assert.equal([back.string(1, A), back.string(1, A + 4096)], ["", "first"]);
});

test("a device that reaches for what it does not hold is stopped, at the byte", () => {
  const m = held();
  const says = (byte: number) => (error: unknown) =>
    error instanceof KernelBug &&
    error.message === `nic reaches for byte ${byte} of pages that it does not hold`;
  assert.throws(() => dmaWrite(m, "nic", 8192, [1]), says(8192));
  assert.throws(() => dmaWrite(m, "nic", 8190, [1, 2, 3]), says(8192));
  assert.throws(() => dmaRead(m, "nic", 8190, 3), says(8192));
  assert.equal([...m.load(1, A + 8190, 2)], [1, 2], "what came before is written");
  m.put_user_pages("nic");
  assert.throws(() => m.deviceRead("nic"), says(0));
});

test("deviceRead() reads text up to its NUL, or to the end of the first page", () => {
  const m = held();
  assert.is(m.deviceRead("nic"), "");
  m.store(1, A, Array(5000).fill(65));
  assert.is(m.deviceRead("nic"), "A".repeat(4096));
});

test("a driver charges up to the limit, and that much again when it has let go", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 4);
  m.driver("nic");
  m.setMemlock(1, 3);
  const fd = m.open(1, "nic");
  m.register(1, fd, A, 1, FOLL_WRITE);
  m.register(1, fd, A + 4096, 2, FOLL_WRITE);
  assert.is(code(() => m.register(1, fd, A, 1, FOLL_WRITE)), "ENOMEM");
  m.close(1, fd);
  assert.equal([m.mm(1).pinnedVm, m.state.holds.size], [0, 0]);
  m.register(1, m.open(1, "nic"), A, 3, FOLL_WRITE);
  assert.is(m.mm(1).pinnedVm, 3);
});

test("a driver that does not charge knows no limit", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 4);
  m.driver("nic", { charges: false });
  m.setMemlock(1, 0);
  const fd = m.open(1, "nic");
  m.register(1, fd, A, 4, FOLL_WRITE);
  assert.is(m.mm(1).pinnedVm, 0);
  m.close(1, fd);
  assert.equal([m.mm(1).pinnedVm, m.state.holds.size], [0, 0]);
});

test("a driver lets go with the last descriptor: that of a child and a thread count, and their exit", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A);
  m.store(1, A, "x");
  m.driver("nic");
  const fd = m.open(1, "nic");
  m.register(1, fd, A, 1, FOLL_WRITE | FOLL_PIN);
  const child = m.fork(1), thread = m.thread(1);
  const holds = () => m.state.holds.has("nic");
  m.close(1, fd);
  m.exit(thread);
  assert.is(holds(), true);
  assert.is(code(() => m.register(1, fd, A, 1, 0)), "EBADF");
  m.exit(child);
  assert.is(holds(), false);
  assert.is(m.state.files.size, 0);
  assert.is(m.open(1, "nic"), fd);
});

test("a driver that watches lets go when the address space dies, and one that does not keeps holding", () => {
  for (const [care, holds] of [[{}, false], [{ watchesMm: false }, true]] as [Care, boolean][]) {
    const m = new Lab(pageCount);
    m.mmap(1, A);
    m.driver("nic", care);
    m.register(1, m.open(1, "nic"), A, 1, FOLL_WRITE);
    m.fork(1);
    m.execve(1);
    assert.is(m.state.holds.has("nic"), holds);
  }
});

test("only who has a descriptor of a device may register with it, or map it", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A);
  m.driver("nic");
  m.driver("gpu");
  const child = m.fork(1);
  const nic = m.open(1, "nic"), gpu = m.open(child, "gpu");
  assert.equal([nic, gpu], [3, 3]);
  m.register(1, nic, A, 1, FOLL_WRITE);
  assert.equal([...m.state.holds.keys()], ["nic"]);
  m.close(1, nic);
  assert.is(code(() => m.mmap(1, 0x2a000, 1, RW, MAP_SHARED, nic)), "EBADF");
  assert.is(code(() => m.close(1, nic)), "EBADF");
});

test("a device's mapping cannot be had by anybody else, and is not copied where its driver says so", () => {
  for (const [keepsHardwarePage, flags] of [[true, "DONTCOPY  IO"], [false, "IO"]] as const) {
    const m = new Lab(mapcount);
    m.driver("nic", { keepsHardwarePage });
    const fd = m.open(1, "nic"), D = m.mmap(1, A, 1, RW, MAP_SHARED, fd);
    assert.is(String(maps(m.state, 1)), `0x1b000-0x1c000 rw-s  ${flags}`);
    m.store(1, D, "bell");
    assert.is(framesText(m.state), `pfn 1  device page    "bell"  pid 1 rw-`);
    m.mmap(1, A + 4096, 1, PROT_WRITE, MAP_SHARED, fd);
    assert.is(String(maps(m.state, 1)).split("\n")[1], `0x1c000-0x1d000 -w-s  ${flags}`);
    for (const gup_flags of [0, FOLL_WRITE, FOLL_WRITE | 1 << 3]) {
      assert.is(code(() => m.get_user_pages(1, D, 1, gup_flags, "gpu")), "EFAULT");
    }
    m.mlock(1, D, 1);
    assert.is(code(() => m.madvise(1, D, 1, 21)), "EINVAL");
    assert.is(code(() => m.madvise(1, D, 1, 22)), "EINVAL");
  }
});

test("ib_umem_get() asks to write where the adapter may, and by force where it may not, up to 6.1", () => {
  const registered = (kernel: string, writable: boolean) => {
    const m = new Lab(releaseNamed(kernel).era);
    m.mmap(1, A, 1);
    m.store(1, A, "x");
    m.mprotect(1, A, 1, PROT_READ);
    m.fork(1);
    return `${code(() => m.ib_umem_get(1, A, 1, writable, "mr"))} ${
      m.mm(1).ptes.get(A / 4096)!.pfn
    }`;
  };
  assert.equal(["mapcount", "page_count", "large_folio"].map((name) => registered(name, true)), [
    "EFAULT 1",
    "EFAULT 1",
    "EFAULT 1",
  ]);
  assert.equal(["mapcount", "page_count"].map((name) => registered(name, false)), ["0 2", "0 2"]);
  assert.is(registered("large_folio", false), "0 2", "unshared, not written");
  const shared = new Lab(largeFolio);
  shared.mmap(1, A, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS);
  assert.is(code(() => shared.ib_umem_get(1, A, 1, true, "mr")), "EFAULT");
  assert.is(code(() => shared.ib_umem_get(1, A, 1, false, "mr")), "0");
  const m = new Lab(largeFolio);
  m.mmap(1, A, 1, PROT_READ);
  assert.is(code(() => m.ib_umem_get(1, A, 1, false, "mr")), "0");
  assert.is(
    framesText(m.state),
    `pfn 1  refcount 1025  mapcount 1  exclusive  zeros  pid 1 r--, mr (pin)`,
  );
});

test("io_uring and direct I/O take pins where the kernel does, all or nothing and as far as it goes", () => {
  const holds = (kernel: string) => {
    const m = new Lab(releaseNamed(kernel).era);
    m.mmap(1, A, 2);
    m.io_uring_register(1, A, 1, "uring");
    m.directIo(1, A, 3, "read", "dio");
    return ["uring", "dio"].map((holder) => m.state.holds.get(holder)!.map(({ refs }) => refs));
  };
  assert.equal(holds("5.4.38"), [[1], [1, 1]]);
  assert.equal(holds("6.1.176"), [[1024], [1, 1]]);
  assert.equal(holds("6.12.107"), [[1024], [1024, 1024]]);
});

test("a direct read delivers to every page and a direct write fetches from it, once", () => {
  const m = new Lab(roLongterm);
  m.mmap(1, A, 2);
  m.store(1, A, [1, 2]);
  m.directIo(1, A, 2, "write", "out");
  m.directIo(1, A, 2, "read", "in");
  assert.equal(m.directFetched("out"), [1, 0]);
  assert.is(m.directDelivered("in", 7), 2);
  assert.equal([m.directFetched("out"), m.directDelivered("in", 8)], [[], 0]);
  assert.equal([...m.load(1, A, 2), ...m.load(1, A + 4096, 2)], [7, 0, 7, 0]); // whole pages
  assert.is(m.state.holds.size, 0);
});

test("get_user_pages() of no page is none, and needs no mapping", () => {
  const m = new Lab(mapcount);
  assert.is(m.get_user_pages(1, A, 0, FOLL_WRITE, "nic"), 0);
});

test.run();
