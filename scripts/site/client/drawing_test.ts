// Reads drawings as the build and the page do: ours, and what somebody may pass off as one.

import { eraNamed, frames, Lab, maps, steps } from "sim";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Drawn, named, readDrawing } from "./drawing.ts";

const svg = (inner: string, traits = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"${traits}>${inner}</svg>`;

/** Every text and attribute of a drawing, without its elements. */
function said(drawn: Drawn): string[] {
  return [
    ...[...drawn.traits].map((trait) => trait.join("=")),
    ...drawn.parts.flatMap((part) => typeof part === "string" ? part : said(part)),
  ];
}

function refusal(text: string): string {
  const drawn = readDrawing(text);
  assert.type(drawn, "string", text);
  return drawn as string;
}

test("readDrawing() reads what the simulator draws, what is gone and what went wrong included", () => {
  const m = new Lab(eraNamed("mapcount"));
  m.mmap(1, 0x7000);
  m.store(1, 0x7000, `<script>&"'`);
  m.get_user_pages(1, 0x7000, 1, 1, "nic");
  m.fork(1);
  m.store(1, 0x7000, "reply");
  m.exit(2);
  const shown = [frames(m.state), maps(m.state, 1), steps(m.trace)].map((view) =>
    view[Symbol.for("Jupyter.display")]!()
  );
  const film: { svg: string }[] = JSON.parse(shown[2]!["application/vnd.pinned.steps+json"]!);
  assert.is(film.length, 5);
  const drawings = [...shown.map((mime) => mime["image/svg+xml"]), ...film.map(({ svg }) => svg)];
  for (const drawing of drawings) assert.type(readDrawing(drawing), "object", drawing);
});

test("readDrawing() keeps names, attributes and text, entities decoded", () => {
  const drawn = readDrawing(
    svg(`<g fill='none'>a &lt;b&#62; &#x26;<title>t</title></g>\n<rect x="-1.5e2"/>`),
  );
  assert.equal(said(drawn as Drawn), [
    ...["xmlns=http://www.w3.org/2000/svg", "viewBox=0 0 9 9", "fill=none"],
    ...["a <b> &", "t", "\n", "x=-1.5e2"],
  ]);
});

const refused: [what: string, text: string, why: RegExp][] = [
  ["what follows the drawing", `${svg("")}<meta http-equiv="refresh" content="0;url=//x">`, /meta/],
  ["text around it", `x${svg("")}`, /not one <svg>/],
  ["nothing", "", /not one <svg>/],
  ["HTML", "<p>x</p>", /<p> is no part/],
  ["a script", svg("<script>x()</script>"), /<script> is no part/],
  ["a script in capitals", svg("<SCRIPT/>"), /<SCRIPT> is no part/],
  ["a style", svg("<style>*{display:none}</style>"), /<style>/],
  ["foreign content", svg("<foreignObject/>"), /<foreignObject>/],
  ["an image", svg(`<image href="//x"/>`), /<image>/],
  ["a use", svg(`<use href="#x"/>`), /<use>/],
  ["a link", svg(`<a href="javascript:x()"/>`), /<a>/],
  ["an animation", svg(`<animate attributeName="href"/>`), /<animate>/],
  ["a drawing in a drawing", svg(svg("")), /<svg> is no part/],
  ["an event", svg("", ` onload="x()"`), /onload/],
  ["a style attribute", svg("", ` style="position:fixed"`), /style/],
  ["an address", svg(`<g href="//x"/>`), /href/],
  ["an address of old", svg(`<g xlink:href="//x"/>`), /xlink:href/],
  ["a fill from elsewhere", svg(`<rect fill="url(//x/#a)"/>`), /fill=/],
  ["a fill from here", svg(`<rect fill="url(#a)"/>`), /fill=/],
  ["an escaped url()", svg(`<rect fill="\\75rl(//x)"/>`), /fill=/],
  ["a url() by an entity", svg(`<rect fill="u&#114;l(//x)"/>`), /fill=/],
  ["a marker from elsewhere", svg(`<path marker-end="url(//x#a)"/>`), /marker-end=/],
  [
    "markers in markers",
    svg(`<marker><path marker-mid="url(#a)"/></marker>`),
    /marker has markers/,
  ],
  ["a class of the page", svg("", ` class="cell"`), /class=/],
  ["a class beside ours", svg("", ` class="p1 reload"`), /class=/],
  ["a moved drawing", svg("", ` transform="scale(99)"`), /transform/],
  ["an attribute twice", svg(`<g x="1" x="2"/>`), /twice/],
  ["an attribute without quotes", svg(`<g x=1/>`), /not understood/],
  ["another namespace", `<svg xmlns="http://www.w3.org/1999/xhtml"/>`, /xmlns=/],
  ["a comment", svg("<!-- x -->"), /not understood/],
  ["CDATA", svg("<![CDATA[<script>]]>"), /not understood/],
  ["an entity of its own", `<!DOCTYPE svg [<!ENTITY a "b">]>${svg("&a;")}`, /not understood/],
  ["an entity of HTML", svg("&nbsp;"), /&nbsp; is no character/],
  ["an ampersand", svg("a & b"), /& is no character/],
  ["a number that is no character", svg("&#xd800;&#1114112;"), /no character/],
  ["NUL", svg("a\0b"), /no text/],
  ["NUL by number", svg("&#0;"), /no character/],
  ["half a character", svg("\ud800"), /no text/],
  ["what is not closed", "<svg><g>", /<g> is not closed/],
  ["what is closed twice", svg("</g>"), /<\/g> closes/],
  ["what is closed crosswise", svg("<g><text></g></text>"), /<\/g> closes/],
  ["depth", svg("<g>".repeat(99) + "</g>".repeat(99)), /deeper/],
  ["more than anybody reads", svg("<g/>".repeat(5_001)), /more than/],
];

for (const [what, text, why] of refused) {
  test(`readDrawing() refuses ${what}`, () => assert.match(refusal(text), why));
}

test("readDrawing() takes no longer for what is long and broken", () => {
  const long = 200_000;
  for (
    const text of [
      "<svg".repeat(long),
      svg("", ` class="${"bad ".repeat(long)}x"`),
      svg("", ` font-size="${"1".repeat(long)}x"`),
      svg(`<g transform="${"scale(1) ".repeat(long)}x"/>`),
      `<svg${" ".repeat(long)}`,
      `<svg ${"x".repeat(long)}`,
      svg("&".repeat(long)),
      svg(`<rect fill="rgb(${"1".repeat(long)}"/>`),
    ]
  ) assert.ok(refusal(text).length < 200);
});

test("named() makes an image of a drawing, of the name that it has or else of ours, with ids apart from the page's", () => {
  const drawn = (name: string) =>
    readDrawing(svg(
      `<defs><marker id="main"/></defs><path marker-end="url(#main)"/>`,
      ` role="presentation"${name} fill="red"`,
    )) as Drawn;
  const nameOf = (name: string) => named(drawn(name), "Picture 1", "x").traits.get("aria-label");
  assert.is(nameOf(` aria-label="its own"`), "its own");
  assert.is(nameOf(` aria-label=""`), "Picture 1");
  const { traits, parts } = named(drawn(""), "Picture 1", "picture-1");
  assert.equal([...traits], [
    ["role", "img"],
    ["aria-label", "Picture 1"],
    ["xmlns", "http://www.w3.org/2000/svg"],
    ["viewBox", "0 0 9 9"],
    ["fill", "red"],
  ]);
  assert.equal(parts.flatMap((part) => said(part as Drawn)), [
    "id=picture-1.main",
    "marker-end=url(#picture-1.main)",
  ]);
});

test.run();
