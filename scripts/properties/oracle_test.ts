// The oracle against answers that a person can check: each scene is right as it stands, and wrong with one answer changed.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { contradiction } from "./oracle.ts";

const test = suite("oracle");

/** Lines with their answers behind `->`; one whose answer is followed by `! X` would be wrong with answer X. */
function holds(text: string): void {
  const parts = text.trim().split("\n").map((line) =>
    line.trim().match(/^(.*?) -> (.*?)(?: ! (.*))?$/)!
  );
  const lines = parts.map(([, line]) => line!), answers = parts.map(([, , answer]) => answer!);
  assert.is(contradiction(lines, answers), undefined);
  for (const [at, [, line, , wrong]] of parts.entries()) {
    if (wrong === undefined) continue;
    assert.is(contradiction(lines, answers.with(at, wrong))?.at, at, `${line} -> ${wrong}`);
  }
}

const scenes: Record<string, string> = {
  "private memory is copied by fork, shared memory is not": `
    P0 mmap a 2 priv -> ok
    P0 mmap b 1 shared -> ok
    P0 w a0 1 -> ok f1 new
    P0 fork P1 -> ok
    P0 fork P1 -> exists ! ok
    P0 w a0 2 -> ok f1 copy
    P0 w b0 3 -> ok f1 new
    P1 r a0 -> =1 f0 ! =2 f0
    P1 r b0 -> =3 f1 ! =0 f1
    P1 r a1 -> =0 f1 ! =1 f1
    P1 exit -> ok
    P1 r a0 -> noproc ! =1 f0
    P0 mmap a 1 priv -> ok ! EEXIST
    P0 r a0 -> =0 f1 ! =2 f0`,
  "DONTFORK leaves a page out, WIPEONFORK empties it, DONTNEED drops it": `
    P0 mmap a 3 priv -> ok
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 madv a0 1 dontfork -> ok
    P0 madv a1 1 wipeonfork -> ok ! EINVAL
    P0 fork P1 -> ok
    P1 r a0 -> segv ! =1 f0
    P1 r a1 -> =0 f1 ! =2 f0
    P0 madv a0 3 dontneed -> ok
    P0 r a0 -> =0 f1 ! =1 f1`,
  "a private mapping of a file shows the file until it is written": `
    P0 mmap a 9 pfile -> ok
    P0 mmap b 1 sfile -> ok
    P0 r a7 -> =57 f1 ! =0 f1
    P0 r a8 -> sigbus ! =58 f1
    P0 w b0 1 -> ok f1 new
    P0 r a0 -> =1 f0 ! =50 f0
    P0 w a0 2 -> ok f1 copy
    P0 w b0 3 -> ok f0 same
    P0 r a0 -> =2 f0 ! =3 f0
    P0 madv a0 1 wipeonfork -> EINVAL ! ok
    P0 madv a0 1 dontneed -> ok
    P0 r a0 -> =3 f1 ! =2 f1`,
  "a reader through /proc/self/mem may have copied a page of a file, until that was seen": `
    P0 mmap a 1 pfile -> ok
    P0 mmap b 1 sfile -> ok
    P0 mr a0 -> =50 ! EIO
    P0 w b0 1 -> ok f1 new
    P0 r a0 -> =50 f0 ! =2 f0
    P0 w b0 2 -> ok f0 same
    P0 r a0 -> =50 f0 ! =2 f0`,
  "a memfd is a file of zeros": `
    P0 mmap a 1 memfd -> ok
    P0 r a0 -> =0 f1 ! =50 f1
    P0 w a0 1 -> ok f1 copy
    P0 madv a0 1 dontneed -> ok
    P0 r a0 -> =0 f1 ! =1 f0
    P0 madv a0 1 free -> EINVAL ! ok`,
  "what FREE takes is zero or what it was; once it was zero, it stays": `
    P0 mmap a 2 priv -> ok
    P0 w a0 1 -> ok f1 new
    P0 w a1 1 -> ok f1 new
    P0 madv a0 2 free -> ok
    P0 r a0 -> =1 f0 ! =2 f0
    P0 r a0 -> =0 f1 ! =2 f0
    P0 r a0 -> =0 f0 ! =1 f0
    P0 w a1 3 -> ok f1 same
    P0 r a1 -> =3 f0 ! =0 f0`,
  "protection and holes: what is before a hole has changed, madvise goes on behind it": `
    P0 mmap a 3 priv -> ok
    P0 w a2 1 -> ok f1 new
    P0 munmap a1 1 -> ok ! EINVAL
    P0 mprot a0 3 r -> ENOMEM ! ok
    P0 w a0 1 -> segv ! ok f1 new
    P0 w a2 2 -> ok f0 same ! segv
    P0 madv a0 3 dontneed -> ENOMEM ! ok
    P0 r a2 -> =0 f1 ! =2 f0
    P0 r a1 -> segv ! =0 f1
    P0 mw a0 4 -> ok new
    P0 r a0 -> =4 f0 ! =0 f0
    P0 mprot a0 1 none -> ok
    P0 r a0 -> segv ! =4 f0`,
  "mremap takes a page along; where it failed, nobody knows until it is mapped anew": `
    P0 mmap a 2 priv -> ok
    P0 w a0 1 -> ok f1 new
    P0 mremap a0 1 a0 -> EINVAL ! ok
    P0 mremap a0 1 b0 -> ok
    P0 r b0 -> =1 f0 ! =0 f0
    P0 r a0 -> segv ! =1 f0
    P0 mremap a0 2 c0 -> EFAULT ! ok
    P0 mremap a1 1 b0 -> ENOMEM
    P0 r b0 -> =1 f0
    P0 r a1 -> =9 f0
    P0 munmap b0 1 -> ok
    P0 r b0 -> segv ! =1 f0`,
  "what a page of which nothing is known may have written, others may read": `
    P0 mmap a 1 shared -> ok
    P0 fork P1 -> ok
    P1 mremap a0 2 b0 -> EFAULT
    P1 w a0 1 -> segv
    P1 w b0 1 -> ok f1 new
    P0 r a0 -> =1 f1
    P0 munmap a0 1 -> ok
    P0 mmap a 1 shared -> ok
    P0 r a0 -> =0 f1 ! =1 f1`,
  "a pin of a page of which nothing is known may be of anything": `
    P0 mmap a 1 sfile -> ok
    P0 fork P1 -> ok
    P1 mremap a0 2 b0 -> EFAULT
    P1 pin a0 1 0 -> ok
    * gw 0 0 1 -> ok
    P0 w a0 2 -> ok f1 new
    * gr 0 0 -> =2
    P0 r a0 -> =2 f0`,
  "a locked page refuses DONTNEED and FREE; unlocked, it takes them": `
    P0 mmap a 1 priv -> ok
    P0 mlock a0 1 -> ok
    P0 madv a0 1 dontneed -> EINVAL ! ok
    P0 madv a0 1 free -> EINVAL ! ok
    P0 munlock a0 1 -> ok ! ENOMEM
    P0 madv a0 1 dontneed -> ok ! EINVAL`,
  "a pin is the page that its process sees, until that is replaced; no child sees the device": `
    P0 mmap a 2 priv -> ok
    P0 pin a0 2 0 -> ok ! EFAULT
    P0 pin a0 1 0 -> EBUSY ! ok
    P0 fork P1 -> ok
    P0 w a0 1 -> ok f0 same
    * gr 0 0 -> =1 ! =0
    * gw 0 1 2 -> ok ! EFAULT
    P0 r a1 -> =2 f0 ! =0 f0
    P1 r a1 -> =0 f0 ! =2 f0
    P0 munmap a0 1 -> ok
    * gr 0 0 -> =1 ! =0
    * gr 0 2 -> EFAULT ! =0
    * unpin 0 -> ok ! ENXIO
    * unpin 0 -> ENXIO ! ok`,
  "a transfer takes the pages up to the first that cannot take part": `
    P0 mmap a 3 priv -> ok
    P0 w a0 1 -> ok f1 new
    P0 w a1 2 -> ok f1 new
    P0 munmap a2 1 -> ok
    P0 dw a0 3 fuse -> inflight ! EFAULT
    P0 w a0 3 -> ok f0 same
    * dwend -> =3,=2 ! =1,=2
    * dwend -> none ! =3,=2
    P0 dr a1 2 loop -> inflight
    * drend 9 -> ok ! none
    P0 r a1 -> =9 f0 ! =2 f0
    P0 dr a2 1 loop -> EFAULT ! inflight`,
};

for (const [title, text] of Object.entries(scenes)) test(title, () => holds(text));

test("what the machine does not have changes nothing", () => {
  holds(`
    P0 mmap a 1 priv -> ok
    P0 w a0 1 -> ok f1 new
    P0 madv a0 1 free -> unavailable
    P0 mremap a0 1 b0 -> unavailable
    P0 r a0 -> =1 f0 ! =0 f1`);
});

test.run();
