// The drawings: where boxes, arrows and words stand, that nothing is cut or overlaps, and what is marked.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  eras,
  FOLL_WRITE,
  frames,
  Lab,
  legend,
  MADV_DONTFORK,
  mapcount,
  maps,
  pageCount,
  playScene,
  releaseNamed,
  scenes,
  type Step,
  STEPS,
  steps,
  type View,
} from "../mod.ts";

const A = 0x7000;

const test = suite("drawing");

function drawing(view: View): string {
  return view[Symbol.for("Jupyter.display")]!()["image/svg+xml"];
}

/** The elements of a drawing, a line each, without what all have. */
function shapes(svg: string): string[] {
  return svg.replaceAll("><", ">\n<").split("\n").slice(2, -1).map((line) =>
    line.replace(` fill="none" stroke="currentColor"`, "").replace(/ color="#\w+"/, "")
  );
}

/** The pictures of a film. */
function film(view: View): Step[] {
  return JSON.parse(view[Symbol.for("Jupyter.display")]!()[STEPS]!);
}

/** The words of a drawing, a line of it each. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, inside]) => plain(inside!));
}

function plain(inside: string): string {
  return inside.replace(/<[^>]*>/g, "").replace(
    /&#(\d+);/g,
    (_, code) => String.fromCharCode(Number(code)),
  );
}

test("a drawing has owners on the left, frames on the right, an arrow for each share, and the verdict below", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A);
  m.store(1, A, "a & b");
  m.pin_user_pages(1, A, 1, 1, "nic");
  m.fork(1);
  const svg = drawing(frames(m.state));
  assert.match(
    svg,
    `aria-label="pid 1, nic, pid 2; 2 frames. ✓ whole: nic works on what pid 1 sees"`,
  );
  assert.is(
    shapes(svg).join("\n"),
    `
<g class="p1">
<rect x="1.5" y="1.5" width="93" height="29" rx="4" stroke-width="1.3"/>
<text x="9.5" y="20.5">pid 1 rw-</text>
</g>
<g class="device">
<rect x="1.5" y="40.5" width="93" height="48" rx="14" stroke-width="1.3" stroke-dasharray="5 4"/>
<text x="9.5" y="59.5">nic (pin)</text>
<text x="9.5" y="78.5" class="quiet" fill="#565e66">of pid 1</text>
</g>
<g class="p2">
<rect x="1.5" y="98.5" width="93" height="29" rx="4" stroke-width="1.3"/>
<text x="9.5" y="117.5">pid 2 rw-</text>
</g>
<rect x="140.5" y="1.5" width="188" height="48" rx="4" stroke-width="1.3"/>
<text x="148.5" y="20.5">
<tspan font-weight="700">pfn 1</tspan> &#34;a &#38; b&#34;</text>
<text x="148.5" y="39.5" class="quiet" fill="#565e66">ref 1025 · map 1</text>
<g class="p1">
<path d="M94.5 16C114.9 16 111.2 17.5 131.5 17.5" stroke-width="2"/>
<path d="M139.5 17.5l-9 -5v10z"/>
</g>
<g class="device">
<path d="M94.5 64.5C114.9 64.5 111.2 33.5 131.5 33.5" stroke-width="2" stroke-dasharray="5 4"/>
<path d="M139.5 33.5l-9 -5v10z"/>
</g>
<rect x="140.5" y="59.5" width="188" height="48" rx="4" stroke-width="1.3"/>
<text x="148.5" y="78.5">
<tspan font-weight="700">pfn 2</tspan> &#34;a &#38; b&#34;</text>
<text x="148.5" y="97.5" class="quiet" fill="#565e66">ref 1 · map 1</text>
<g class="p2">
<path d="M94.5 113C114.9 113 111.2 83.5 131.5 83.5" stroke-width="2"/>
<path d="M139.5 83.5l-9 -5v10z"/>
</g>
<g class="good">
<text x="1.5" y="151" font-weight="700">✓ whole: nic works on what pid 1 sees</text>
</g>`.trim(),
  );
});

test("a drawing of a machine without frames says so, beside the processes that are there", () => {
  assert.equal(words(drawing(frames(new Lab(pageCount).state))), [
    "pid 1",
    "no frame",
    "no frame is in use",
  ]);
});

/** The store that parts process 1 from its device, with the fork before it. */
function accident(): Lab {
  const m = new Lab(mapcount);
  m.mmap(1, A);
  m.store(1, A, "buffer");
  m.get_user_pages(1, A, 1, FOLL_WRITE, "nic");
  return m;
}

test("a film marks what changed by shape: a lost permission, a new frame, the old path, a count, and the wrong arrow", () => {
  const m = accident(), from = m.trace.length;
  m.fork(1);
  m.store(1, A, "reply");
  const [fork, store] = film(steps(m.trace, from)).map(({ svg }) => svg);
  assert.match(fork!, `pid 1 r<tspan text-decoration="line-through">w</tspan>-`);
  assert.match(fork!, /<rect [^>]*stroke-width="2.6"\/><text[^>]*><tspan font-weight="700">pid 2</);
  assert.match(fork!, `<tspan font-weight="700">ref 2→3</tspan>`);
  assert.not.match(fork!, `stroke-dasharray="2 3.5"`);
  assert.match(store!, `pid 1 <tspan font-weight="700">rw-</tspan>`);
  assert.match(store!, `stroke-dasharray="2 3.5" opacity="0.6"`);
  assert.match(store!, /<rect [^>]*stroke-width="3"\/><text[^>]*><tspan font-weight="700">pfn 2</);
  assert.is(store!.match(/class="halo"/g)?.length, 1);
});

test("in a film every owner keeps its place, whoever comes and goes", () => {
  const m = accident();
  m.fork(1);
  m.exit(2);
  m.fork(1);
  m.store(1, A, "reply");
  const places = film(steps(m.trace)).map(({ svg }) =>
    Object.fromEntries(
      [...svg.matchAll(/<rect x="1.5" y="([\d.]+)"[^>]*\/><text[^>]*>(.*?)<\/text>/g)].map((
        [, y, name],
      ) => [plain(name!).split(" ").slice(0, plain(name!).startsWith("pid") ? 2 : 1).join(" "), y]),
    )
  );
  const all: Record<string, string> = Object.assign({}, ...places);
  for (const place of places) {
    for (const [name, y] of Object.entries(place)) assert.is(y, all[name], name);
  }
  const down = Object.entries(all).sort((a, b) => Number(a[1]) - Number(b[1]));
  assert.equal(down.map(([name]) => name), ["pid 1", "nic", "pid 2", "pid 3"]);
});

test("a drawing folds many owners, frames and shares, and counts them", () => {
  const m = new Lab(mapcount);
  m.mmap(1, A, 30);
  for (let page = 0; page < 30; page++) m.store(1, A + page * 4096, `page ${page}`);
  m.get_user_pages(1, A + 29 * 4096, 1, FOLL_WRITE, "nic");
  for (let child = 0; child < 10; child++) m.fork(1);
  m.store(1, A + 29 * 4096, "parted");
  const said = words(drawing(frames(m.state)));
  assert.equal(said.filter((line) => /more$/.test(line)), [
    ...["26 more", ...Array(4).fill("25 more")],
    "and 6 more",
    "and 26 more",
  ]);
  assert.ok(said.includes('pfn 30 "page 29"'), "a frame that a verdict is about is not folded");
  assert.ok(said.some((line) => line.startsWith("nic")));
});

test("whatever a scene draws lies on its sheet, and no line of text leaves its box", () => {
  const LETTER = 14 * 0.61;
  for (const [name, { lines }] of scenes) {
    for (const { name: era } of eras) {
      const { trace } = playScene(lines, releaseNamed(era));
      for (const { svg } of film(steps(trace))) {
        const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/)!.map(Number);
        assert.is(width, 330);
        let right = width!;
        for (
          const [element] of svg.matchAll(/<rect x[^>]*>|<text.*?<\/text>|<g class="(good|bad)/g)
        ) {
          const at = (trait: string) => Number(element.match(` ${trait}="([^"]*)"`)?.[1]);
          if (element.startsWith("<rect")) right = at("x") + at("width");
          if (element.startsWith("<g")) right = width!;
          if (!element.startsWith("<text")) continue;
          const end = at("x") + plain(element).length * LETTER;
          assert.ok(end <= right, `${name}, ${era}: ${plain(element)} ends at ${end} of ${right}`);
          assert.ok(at("y") < height!, `${name}, ${era}: ${plain(element)}`);
        }
      }
    }
  }
});

test("maps() draws a box for each mapping, on the one that it touches, with its pages and its flags", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 2);
  m.store(1, A, "there");
  m.madvise(1, A + 4096, 1, MADV_DONTFORK);
  m.mmap(1, 0x20000, 40);
  const svg = drawing(maps(m.state, 1));
  assert.match(svg, `aria-label="pid 1: 3 mappings, 42 pages"`);
  assert.equal(words(svg), [
    "pid 1 maps",
    "0x7000-0x8000 rw-p",
    "0x8000-0x9000 rw-p",
    "DONTCOPY",
    "0x20000-0x48000 rw-p",
    "and 28 more",
  ]);
  const boxes = [...svg.matchAll(/<rect x="1.5" y="(\d+)" width="327" height="(\d+)"/g)]
    .map(([, y, height]) => [Number(y), Number(height)]);
  assert.equal(boxes, [[22, 46], [68, 46], [130, 46]]);
  assert.is(svg.match(/width="11" height="11" rx="1"/g)?.length, 14, "a square for each page");
  assert.is(svg.match(/width="11" height="11"\/>/g)?.length, 1, "full where a frame is there");
});

test("maps() of a process that maps nothing is a box that says so", () => {
  assert.equal(words(drawing(maps(new Lab(pageCount).state, 1))), ["pid 1 maps nothing"]);
});

test("legend() draws each mark as the pictures do, and says what it means", () => {
  const all = legend();
  const shapesOf = (mark: string) => all.find(({ says }) => says.includes(mark))!.svg;
  assert.match(shapesOf("holds frames"), `stroke-dasharray="5 4"`);
  assert.match(shapesOf("led before"), `stroke-dasharray="2 3.5" opacity="0.6"`);
  assert.match(shapesOf("lost"), `text-decoration="line-through"`);
  assert.match(shapesOf("verdict"), `class="halo"`);
  for (const { svg, says } of all) assert.match(svg, `aria-label="${says}"`);
});

test.run();
