// A chapter on every kernel: what is the same, what differs, and where.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { besideChapters, compared } from "./kernels.ts";
import { markdown } from "./testing.ts";
import { parse } from "./markdown.ts";

const toy = parse(
  markdown(`\`\`\`ts
import { FOLL_WRITE, frames, Lab } from "sim";
const A = 0x7000;
const m = new Lab(kernel);
m.mmap(1, A);
m.store(1, A, "public");
\`\`\`

\`\`\`ts id=named
console.log(kernel.name, kernel.releases, \`by \${kernel.name}\`);
\`\`\`

\`\`\`ts id=marked
show(frames(m.state));
\`\`\`

\`\`\`ts id=pipe
const spy = m.fork(1);
m.vmsplice(spy, A);
m.munmap(spy, A);
m.store(1, A, "secret");
\`\`\`

\`\`\`ts id=read
console.log(m.pipeRead());
\`\`\`

\`\`\`ts id=aside
new Lab(kernel).mmap(1, A);
\`\`\`

\`\`\`ts id=device
const d = new Lab(kernel);
d.mmap(1, A);
d.store(1, A, "buffer");
d.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
d.execve(d.fork(1));
d.store(1, A, "reply");
\`\`\`

\`\`\`ts id=agrees
console.log(d.string(1, A));
\`\`\`

\`\`\`ts id=fails
if (m.mm(1).ptes.get(7)!.pfn > 1) throw new RangeError(\`\${kernel.name} has copied\`);
\`\`\`

\`\`\`ts id=behind
console.log("here");
\`\`\`
`),
  "chapters/90-toy.md",
);
const { works, on: kernels } = (await besideChapters([toy])).get("toy")!;
const marks = (kernel: string) =>
  Array.from({ length: 10 }, (_, cell) => kernels.get(kernel)!.get(cell)?.mark ?? "same");

test("the chapter's own kernel, and one with its rules, come out the same", () => {
  assert.equal([...kernels.keys()], compared);
  assert.is(kernels.get("mapcount")!.size, 0);
  assert.is(kernels.get("5.4.38")!.size, 0);
});

test("it is known which cells are about the chapter's kernel", () => {
  assert.equal([...works], [0, 3, 4, 5, 6, 7]);
});

test("a cell that says another name, and nothing else, is the same", () => {
  assert.is(marks("page_count")[1], "same");
});

test("a mark that only the kernel's books have is told from what somebody can see", () => {
  assert.is(marks("anon_exclusive")[2], "lines");
  const { printed, parting } = kernels.get("anon_exclusive")!.get(2)!;
  assert.not.match(printed!.own, "exclusive");
  assert.match(printed!.other, "exclusive");
  assert.is(parting, undefined);
  assert.is(marks("page_count")[2], "same");
});

test("a cell that leaves another memory behind differs, though it prints nothing", () => {
  assert.equal(marks("page_count").slice(3, 6), ["differs", "differs", "same"]);
  const { parting, printed } = kernels.get("page_count")!.get(3)!;
  assert.is(printed, undefined);
  assert.equal(parting!.before.at(-1), "munmap(pid 2, 0x7000, 1 page)");
  assert.is(parting!.cell, undefined);
  const { own, other } = parting!;
  assert.is(own.operation, 'store(pid 1, 0x7000, "secret")');
  assert.equal(own.reasons, ["do_wp_page (mapcount): reuse pfn 1: refcount 2, mapcount 1"]);
  assert.equal(other.reasons, ["do_wp_page (page_count): copy pfn 1: refcount 2, mapcount 1"]);
  assert.match(other.text, '"secret"  pid 1 rw-');
  assert.match(other.svg, /^<svg/);
});

test("data that is lost or leaked there, and not in the chapter, is told from what only differs", () => {
  const { mark, wrong, parting } = kernels.get("page_count")!.get(6)!;
  assert.equal([mark, wrong], ["lost", ["parted"]]);
  assert.is(parting!.harm, undefined); // the operation at which they part does it
  const { mark: spares, spared } = kernels.get("page_count")!.get(3)!;
  assert.equal([spares, spared], ["differs", ["leaked"]]);
});

test("a machine that parted in an earlier cell says in which", () => {
  const { parting, printed } = kernels.get("page_count")!.get(4)!;
  assert.is(parting!.cell, 3);
  assert.equal(printed, { own: "secret", other: "public" });
});

test("a cell that says the same of machines that parted earlier is the same", () => {
  assert.is(marks("page_count")[7], "same");
});

test("a cell that fails on another kernel says why, and those behind it are not reached", () => {
  assert.equal(marks("page_count").slice(8), ["fails", "unreached"]);
  assert.is(kernels.get("page_count")!.get(8)!.error, "RangeError: page_count has copied");
});

test("a kernel that is asked for alone answers as it does among all", async () => {
  const { on: alone } = (await besideChapters([toy], ["large_folio"])).get("toy")!;
  assert.equal(alone.get("large_folio"), kernels.get("large_folio"));
});

test.run();
