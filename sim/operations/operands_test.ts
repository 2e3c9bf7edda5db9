// What nobody could ask for is refused at the door, and nothing has happened.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Errno, FOLL_WRITE, Lab, largeFolio } from "../mod.ts";

const A = 0x7000;

function started(): Lab {
  const m = new Lab(largeFolio);
  m.mmap(1, A, 2);
  m.store(1, A, "0");
  return m;
}

const test = suite("operands");

/** A number as somebody in plain JavaScript may give it. */
const any = (value: unknown) => value as number;

const refused: readonly [call: (m: Lab) => void, says: string][] = [
  [
    (m) => m.mremap(1, A, 1, NaN),
    "mremap: to is NaN, and must be a whole number from 0 to 2^53 - 1",
  ],
  [(m) => m.mmap(1, -4096), "mmap: addr is -4096, and must be a whole number from 0 to 2^53 - 1"],
  [(m) => m.mmap(1, 2 ** 60), "mmap: addr is 1152921504606847000, and"],
  [(m) => m.mmap(1, A, 0.5), "mmap: pages is 0.5, and"],
  [(m) => m.mmap(1, A, Infinity), "mmap: pages is Infinity, and"],
  [(m) => m.mmap(1, A, 1, 1.5), "mmap: prot is 1.5, and must be a whole number of 32 bits"],
  [(m) => m.munmap(1, any("0x7000")), 'munmap: addr is "0x7000", and'],
  [(m) => m.munmap(NaN, A), "munmap: pid is NaN, and must be a whole number"],
  [(m) => m.load(1, A, -1), "load: length is -1, and must be a whole number from 0 to 1073741824"],
  [(m) => m.load(1, A, 2 ** 40), "load: length is 1099511627776, and"],
  [(m) => m.store(1, A, [1, 300]), "store: data is bytes of which number 1 is 300, and must be"],
  [
    (m) => m.store(1, A, any(undefined) as never),
    "store: data is undefined, and must be text, or bytes from 0 to 255",
  ],
  [(m) => m.mem(1, A, 256), "mem_write: value is 256, and must be a byte, 0 to 255"],
  [(m) => m.io_uring_register(1, A, -1, "ring"), "io_uring_register: pages is -1, and"],
  [
    (m) => m.get_user_pages(1, A, 1, FOLL_WRITE, ""),
    'get_user_pages: holder is "", and must be a name',
  ],
  [(m) => m.deviceWrite("nic", "x", -1), "device_write: offset is -1, and"],
  [(m) => m.setMemlock(1, NaN), "setrlimit: limit is NaN, and"],
  [
    (m) => m.directIo(1, A, 1, "read", "t", "floppy" as "fuse"),
    'disk is "floppy", and must be "fuse" or "loop"',
  ],
];

for (const [call, says] of refused) {
  test(`refused before anything happens: ${says}`, () => {
    const m = started(), events = m.trace.length;
    assert.throws(() => call(m), (error: unknown) => {
      return error instanceof RangeError && error.message.includes(says);
    });
    assert.is(m.trace.length, events);
  });
}

const answered: readonly [call: (m: Lab) => void, code: string][] = [
  [(m) => m.fork(0), "ESRCH"],
  [(m) => m.fork(-1), "ESRCH"],
  [(m) => m.mmap(1, 2 ** 47 - 4096), "ENOMEM"],
  [(m) => m.mmap(1, A + 0x10000, 2 ** 35), "ENOMEM"],
  [(m) => m.munmap(1, 2 ** 47), "EINVAL"],
  [(m) => m.munmap(1, A, 2 ** 40), "EINVAL"],
  [(m) => m.mremap(1, A, 1, 2 ** 47 - 4096), "EINVAL"],
  [(m) => m.madvise(1, A, 1, -1), "EINVAL"],
  [(m) => m.io_uring_register(1, A, 0, "ring"), "EFAULT"],
  [(m) => m.io_uring_register(1, A, 2 ** 18 + 1, "ring"), "EFAULT"],
  [(m) => m.store(1, 2 ** 47, "x"), "SIGSEGV"],
  [(m) => m.close(1, -1), "EBADF"],
];

for (const [call, code] of answered) {
  test(`what a program can ask for is the kernel's to answer: ${call} ${code}`, () => {
    const m = started();
    assert.throws(() => call(m), (error: unknown) => (error as Errno).code === code);
  });
}

test("the last page of a process can be mapped, and the heap ends there", () => {
  const m = started(), last = 2 ** 47 - 2 * 4096;
  assert.is(m.mmap(1, last), last);
  assert.is(m.brk(1, 2 ** 48), m.brk(1, 0));
});

test.run();
