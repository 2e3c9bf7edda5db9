// The drawings: where boxes, lines and words stand, and that they say what the text says.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { frames, Lab, MADV_DONTFORK, maps, pageCount, type View } from "../mod.ts";

const A = 0x7000;

const test = suite("svg");

/** The elements of a drawing, a line each. */
function shapes(view: View): string {
  return drawing(view).replaceAll("><", ">\n<");
}

function drawing(view: View): string {
  return view[Symbol.for("Jupyter.display")]!()["image/svg+xml"];
}

test("frames() draws owners on the left, frames on the right, a line for each share, thick where it may write", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A);
  m.store(1, A, "a & b");
  m.pin_user_pages(1, A, 1, 1, "nic");
  const child = m.fork(1);
  m.fork(child);
  assert.is(
    shapes(frames(m.state)),
    `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 124" width="640" height="124" role="img" aria-label="pfn 1  refcount 1025  mapcount 1  &#34;a &#38; b&#34;  pid 1 rw-, nic (pin)&#10;pfn 2  refcount 2     mapcount 2  &#34;a &#38; b&#34;  pid 2 r--, pid 3 r--" font-family="ui-monospace, monospace" font-size="13" fill="currentColor" stroke-linecap="round">
<rect x="330" y="1" width="309" height="54" rx="3" fill="none" stroke="currentColor"/>
<text x="342" y="22" font-weight="bold" xml:space="preserve">pfn 1</text>
<text x="406" y="22" xml:space="preserve">&#34;a &#38; b&#34;</text>
<text x="342" y="43" opacity="0.8" xml:space="preserve">refcount 1025  mapcount 1</text>
<rect x="1" y="1" width="190" height="24" rx="3" fill="none" stroke="currentColor"/>
<text x="13" y="17.5" xml:space="preserve">pid 1 rw-</text>
<path d="M191 13C251 13 260 19 321 19" fill="none" stroke="currentColor" stroke-width="2.2"/>
<path d="M328 19l-8 -4.5v9z"/>
<rect x="1" y="31" width="190" height="24" rx="12" fill="none" stroke="currentColor" stroke-dasharray="5 4"/>
<text x="13" y="47.5" xml:space="preserve">nic (pin)</text>
<path d="M191 43C251 43 260 37 321 37" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="5 4"/>
<path d="M328 37l-8 -4.5v9z"/>
<rect x="330" y="69" width="309" height="54" rx="3" fill="none" stroke="currentColor"/>
<text x="342" y="90" font-weight="bold" xml:space="preserve">pfn 2</text>
<text x="406" y="90" xml:space="preserve">&#34;a &#38; b&#34;</text>
<text x="342" y="111" opacity="0.8" xml:space="preserve">refcount 2  mapcount 2</text>
<rect x="1" y="69" width="190" height="24" rx="3" fill="none" stroke="currentColor"/>
<text x="13" y="85.5" xml:space="preserve">pid 2 r--</text>
<path d="M191 81C251 81 260 87 321 87" fill="none" stroke="currentColor" stroke-width="1"/>
<path d="M328 87l-8 -4.5v9z"/>
<rect x="1" y="99" width="190" height="24" rx="3" fill="none" stroke="currentColor"/>
<text x="13" y="115.5" xml:space="preserve">pid 3 r--</text>
<path d="M191 111C251 111 260 105 321 105" fill="none" stroke="currentColor" stroke-width="1"/>
<path d="M328 105l-8 -4.5v9z"/>
</svg>`.trim(),
  );
});

test("frames() of a machine without frames is a sentence", () => {
  const m = new Lab(pageCount);
  const nothing = `<text x="1" y="18" opacity="0.8" xml:space="preserve">no frame is in use</text>`;
  const font = `font-family="ui-monospace, monospace" font-size="13" fill="currentColor"`;
  const size = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 25" width="640" height="25"`;
  assert.is(
    drawing(frames(m.state)),
    `<svg ${size} role="img" aria-label="no frame is in use" ${font} stroke-linecap="round">${nothing}</svg>`,
  );
});

test("a drawing cuts contents after 28 characters, which its label keeps", () => {
  const shown = (text: string) => {
    const m = new Lab(pageCount);
    m.mmap(1, A);
    m.store(1, A, "0123456789");
    m.store(1, A + 20, text);
    const svg = drawing(frames(m.state));
    assert.ok(svg.includes(`&#34;0123456789&#34; +20 &#34;${text}&#34;  pid 1`), svg);
    return svg.match(/<text x="406"[^>]*>([^<]*)</)![1]!.replaceAll("&#34;", '"');
  };
  assert.is(shown("abcdefgh"), '"0123456789" +20 "abcdefgh"');
  assert.is(shown("abcdefghi"), '"0123456789" +20 "abcdefghi"');
  assert.is(shown("abcdefghij"), '"0123456789" +20 "abcdefghi…');
});

test("a frame with one owner is as high as one with none beside it, and the next stands 14 below", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 2);
  m.store(1, A, "one");
  m.store(1, A + 4096, "two");
  const boxes = [
    ...drawing(frames(m.state)).matchAll(/<rect x="(\d+)" y="(\d+)" .*?height="(\d+)"/g),
  ]
    .map(([, ...numbers]) => numbers.map(Number));
  assert.equal(boxes, [[330, 1, 52], [1, 15, 24], [330, 67, 52], [1, 81, 24]]);
});

test("maps() draws a bar for each mapping, thick and named where it carries a flag", () => {
  const m = new Lab(pageCount);
  m.mmap(1, A, 2);
  m.madvise(1, A + 4096, 1, MADV_DONTFORK);
  const font = `font-family="ui-monospace, monospace" font-size="13" fill="currentColor"`;
  assert.is(
    shapes(maps(m.state, 1)),
    `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 68" width="640" height="68" role="img" aria-label="0x7000-0x8000 rw-p&#10;0x8000-0x9000 rw-p  DONTCOPY" ${font}>
<text x="2" y="18" xml:space="preserve">0x7000-0x8000 rw-p</text>
<rect x="250" y="1" width="194.5" height="26" rx="3" fill="none" stroke="currentColor"/>
<text x="2" y="52" xml:space="preserve">0x8000-0x9000 rw-p</text>
<rect x="444.5" y="35" width="194.5" height="26" rx="3" fill="none" stroke="currentColor" stroke-width="2.2"/>
<text x="452.5" y="52" font-size="11">DONTCOPY</text>
</svg>`.trim(),
  );
  m.munmap(1, A, 2);
  assert.is(
    drawing(maps(m.state, 1)),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 34" width="640" height="34" role="img" aria-label="pid 1 maps nothing" ${font}></svg>`,
  );
});

test.run();
