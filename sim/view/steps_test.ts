// The film of a trace.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FOLL_WRITE, Lab, mapcount, sentence, type Step, STEPS, steps } from "../mod.ts";

const test = suite("steps");

function accident(): Lab {
  const m = new Lab(mapcount);
  m.mmap(1, 0x7000);
  m.store(1, 0x7000, "buffer");
  m.get_user_pages(1, 0x7000, 1, FOLL_WRITE, "hca");
  m.fork(1);
  m.string(1, 0x7000);
  m.store(1, 0x7000, "reply");
  return m;
}

test("steps() has a picture for each operation that changed it, and says why", () => {
  assert.is(
    String(steps(accident().trace)),
    `
store(pid 1, 0x7000, "buffer")
    pfn 1  refcount 1  mapcount 1  "buffer"  pid 1 rw-
get_user_pages(pid 1, 0x7000, 1 page) for hca
    pfn 1  refcount 2  mapcount 1  "buffer"  pid 1 rw-, hca
fork(pid 1), the child is pid 2
    pfn 1  refcount 3  mapcount 2  "buffer"  pid 1 r--, pid 2 r--, hca
store(pid 1, 0x7000, "reply")
  do_wp_page (mapcount): copy pfn 1: refcount 3, mapcount 2
    pfn 1  refcount 2  mapcount 1  "buffer"  pid 2 r--, hca
    pfn 2  refcount 1  mapcount 1  "reply"   pid 1 rw-`.trim(),
  );
});

test("steps() from a later event begins there, and its drawing is the last picture", () => {
  const m = accident();
  const fork = m.trace.findIndex((event) =>
    event.type === "op" && sentence(event).startsWith("fork")
  );
  const shown = steps(m.trace, fork)[Symbol.for("Jupyter.display")]!();
  const film = JSON.parse(shown[STEPS]!) as Step[];
  assert.equal(film.map(({ caption }) => caption.split("(")[0]), ["fork", "store"]);
  assert.is(shown["image/svg+xml"], film[1]!.svg);
});

test.run();
