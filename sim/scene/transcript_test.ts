// A Lab's operations as the lines of a scene.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { largeFolio, mapcount } from "../era.ts";
import { Lab } from "../lab.ts";
import { PAGE_SIZE } from "../state.ts";
import * as uapi from "../uapi.ts";
import { playScene } from "./scene.ts";
import { transcribe } from "./transcript.ts";
import { releaseNamed } from "../releases.ts";

const A = 0x7000, { FOLL_LONGTERM, FOLL_WRITE } = uapi;

/** What a Lab did at these operations, as a scene; or what it lacks. */
function told(deed: (m: Lab) => void, era = mapcount): string {
  const m = new Lab(era);
  deed(m);
  const transcript = transcribe(m.trace);
  if ("lines" in transcript) return transcript.lines.join("\n");
  return "lacks" in transcript ? transcript.lacks : transcript.apart;
}

test("transcribe() writes a Lab's operations by the words of scenes, and looks at the pages at the end", () => {
  const scene = told((m) => {
    m.mmap(1, A, 2);
    m.store(1, A, "secret");
    m.store(1, A + 64, "beside it");
    m.mprotect(1, A + PAGE_SIZE, 1, uapi.PROT_READ);
    const child = m.fork(1);
    m.vmsplice(child, A);
    m.munmap(child, A);
    m.store(1, A, "secret");
    m.store(1, A, [7]);
    m.load(1, A, 5);
    m.pipeRead();
    m.exit(child);
    m.mmap(m.posix_spawn(1), 0x90000);
  });
  assert.is(
    scene,
    `P0 mmap a 2 priv
P0 w a0 1
P0 w a0+64 2
P0 mprot a1 1 r
P0 fork P1
P1 vms a0 0
P1 munmap a0 1
P0 w a0 1
P0 w a0 7
P0 r a0
* pr 0
P1 exit
P0 spawn P1
P1 mmap b 1 priv
* snap a0 2
* snap b0 1`,
  );
});

test("transcribe() keeps pages that touch each other in one region, and what a scene has no word for as a number", () => {
  const scene = told((m) => {
    m.mmap(1, A, 2);
    m.mmap(1, A + 2 * PAGE_SIZE, 1, 3, uapi.MAP_SHARED | uapi.MAP_ANONYMOUS);
    m.mmap(1, 0x20000, 1, 3, uapi.MAP_PRIVATE | uapi.MAP_ANONYMOUS | uapi.MAP_GROWSDOWN);
    m.mmap(1, 0x40000, 1, uapi.PROT_READ);
    m.mremap(1, A, 1, 0x30000);
  });
  assert.is(
    scene,
    `P0 mmap a 2 priv
P0 mmap a2 1 shared
P0 mmap b 1 0x122
P0 mmap d 1 priv r
P0 mremap a0 1 c0
* snap a0 3
* snap b0 1
* snap c0 1
* snap d0 1`,
  );
});

test("transcribe() asks for a driver's references as a program can: by a pipe, a fixed buffer, a transfer", () => {
  const scene = told((m) => {
    m.mmap(1, A, 3);
    m.store(1, A, "one");
    m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
    m.deviceRead("nic");
    m.put_user_pages("nic");
    m.pin_user_pages(1, A, 2, FOLL_WRITE | FOLL_LONGTERM, "hca");
    m.deviceWrite("hca", [9], PAGE_SIZE);
    m.put_user_pages("hca");
    m.pin_user_pages(1, A, 1, 0, "disk");
    m.deviceRead("disk");
    m.directIo(1, A, 2, "read", "tape");
    m.directDelivered("tape", 5);
    m.process_vm_readv(m.thread(1), 1, A);
    m.remoteRead();
    m.mem(1, A, 3);
    m.ksmScan();
    m.ksmScan();
  }, largeFolio);
  assert.is(
    scene,
    `P0 mmap a 3 priv
P0 w a0 1
P0 vms a0 0
* tee 0
* pr 0
P0 pin a0 2 0
* gw 0 1 9
* unpin 0
P0 dw a0 1 fuse
* dwend
P0 dr a0 2 fuse
* drend 5
P0 thread P1
P1 vmread a0 P0 0
* vmend 0
P0 mw a0 3
* ksm
* snap a0 3`,
  );
});

test("transcribe() gives a text a number that no page of the file begins with, and no byte has", () => {
  const texts = Array.from({ length: 60 }, (_, i) => `text ${i}`);
  const scene = told((m) => {
    m.mmap(1, A);
    m.store(1, A, [3]);
    m.store(1, A, []);
    for (const text of texts) m.store(1, A, text);
  });
  const stored = [...scene.matchAll(/^P0 w a0 (\S+)$/gm)].map(([, value]) => Number(value));
  const free = Array.from({ length: 80 }, (_, i) => i + 1).filter((n) =>
    n !== 3 && (n < 50 || n > 57)
  );
  assert.equal(stored, [3, 0, ...free.slice(0, 60)]);
});

test("a pipe shows its next page to whoever looks, and keeps it", () => {
  const scene = ["P0 mmap a 2 priv", "P0 w a0 5", "* tee 0", "P0 vms a0 0", "P0 vms a1 0"];
  const { answers } = playScene(
    [...scene, "* tee 0", "* tee 0", "* pr 0", "* tee 0"],
    releaseNamed("6.18.44"),
  );
  assert.equal(answers.slice(2), ["empty", "ok", "ok", "=5", "=5", "=5", "=0"]);
});

test("transcribe() names the operation that no line of a scene can say, and why", () => {
  const begin = (deed: (m: Lab) => void) => (m: Lab) => {
    m.mmap(1, A, 2);
    m.store(1, A, "x");
    deed(m);
  };
  for (
    const [deed, why] of [
      [(m) => m.get_user_pages(1, A, 2, 0, "nic"), /one page at a time$/],
      [
        (m) => m.get_user_pages(1, A + PAGE_SIZE, 1, FOLL_WRITE, "nic"),
        /^a plain reference by which nic writes, which takes a driver$/,
      ],
      [(m) => {
        m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
        m.deviceWrite("nic", "y");
      }, /^a plain reference by which nic writes, which takes a driver$/],
      [(m) => m.pin_user_pages(1, A, 1, FOLL_LONGTERM, "hca"), /for long only to read$/],
      [(m) => m.ib_umem_get(1, A, 1, true, "hca"), /no scene has this operation$/],
      [(m) => {
        for (let i = 0; i < 5; i++) m.vmsplice(1, A, `pipe ${i}`);
      }, /into pipe 4: a scene has 4 at a time$/],
      [(m) => {
        for (let i = 0; i < 4; i++) m.fork(1);
      }, /a scene has 4 processes$/],
      [(m) => {
        m.pin_user_pages(1, A, 1, 0, "disk");
        m.pin_user_pages(1, A, 1, 0, "tape");
      }, /a scene has 1 at a time$/],
      [(m) => {
        m.pin_user_pages(1, A, 1, 0, "disk");
        m.deviceRead("disk");
        m.deviceRead("disk");
      }, /holds no such page$/],
    ] as [(m: Lab) => void, RegExp][]
  ) assert.match(told(begin(deed)), why);
});

test("transcribe() makes a scene that goes through what the Lab went through", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "public");
  const child = m.fork(1);
  m.vmsplice(child, A);
  m.munmap(child, A);
  m.store(1, A, "secret");
  m.pipeRead();
  const transcript = transcribe(m.trace);
  assert.ok("lines" in transcript);
  const { answers, trace } = playScene(transcript.lines, releaseNamed("mapcount"));
  assert.is(answers.at(-2), "=2"); // the second text: the pipe shows what was written after the fork
  const calls = (events: typeof trace) =>
    events.flatMap((event) => event.type === "op" ? [event.call] : []);
  assert.equal(calls(trace).slice(0, -1), calls(m.trace));
});

test.run();
