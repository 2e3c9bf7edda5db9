// The history to see, for the front page: a drawing where there is room for one, the same from top to bottom where there is
// not, and its sources to open. Drawn while the site is built; nothing of it needs a script.

import { chapterPath } from "./chapter_page.ts";
import type { History, Pinned, Rule, Tick } from "./history.ts";
import { href, Html, markup } from "./html.ts";
import { kataPath } from "./kata_page.ts";
import { inlineProse } from "./prose.ts";

const WIDTH = 976, LEFT = 2, ROW = 24, CHAPTER = 30;
const UNWRITTEN = "not written yet";

/** The timeline for the page at `path`. */
export function timeline(history: History, path: string): Html {
  const { from, to, ticks } = history;
  const cves = ticks.filter(({ kind }) => kind === "CVE").length;
  return markup`<section class="timeline" aria-labelledby="timeline">
<h2 id="timeline">${from} to ${to - 1}</h2>
<p>The rules by which Linux decided who keeps a page, the commits that made and mended them, and the chapters and katas that
tell of them.</p>
${drawing(history, path)}
${list(history, path)}
<details>
<summary>${ticks.length - cves} commits and ${cves} CVE, by date</summary>
<ol class="ticks">
${
    ticks.map(({ entry: { id, title, link, date, release } }) =>
      markup`<li>${date}${release && `, ${release}`}: <a href="${link}">${title}</a>${
        id !== title.toLowerCase() && markup` <code>${id}</code>`
      }</li>\n`
    )
  }</ol>
</details>
</section>
`;
}

const titleOf = ({ title }: { title: string }) => title.replace(/[`*]/g, "");

/** From left to right: the rules, the ticks, the chapters with their katas. */
function drawing(history: History, path: string): Html {
  const { from, to, rules, ticks, chapters } = history;
  const x = (at: number) => LEFT + (at - from) / (to - from) * (WIDTH - 2 * LEFT);
  const middle = 26 + rules.length * ROW + 26, below = middle + 44;
  const height = below + chapters.length * CHAPTER;
  const years = Array.from({ length: to - from }, (_, n) => from + n);
  return markup`<svg class="history" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="group" aria-label="Timeline, ${from} to ${
    to - 1
  }">
${
    years.map((year) =>
      markup`<path class="year" d="M${at(x(year))} 18V${height}"/><text class="year" x="${
        at(x(year) + 3)
      }" y="12">${year}</text>\n`
    )
  }${rules.map((rule, n) => band(rule, n, x))}
<text class="row" x="${LEFT}" y="${middle - 8}">commits and CVEs</text>
<g role="img" aria-label="${ticks.length} commits and CVEs, listed below">
${ticks.map((tick) => mark(tick, x, middle))}</g>
${chapters.map((chapter, n) => pin(chapter, below + n * CHAPTER, x, path))}</svg>
`;
}

/** A rule as a band, its name in it, or beside it where there is no room. */
function band({ name, releases, from, to }: Rule, n: number, x: (at: number) => number): Html {
  const y = 24 + n * ROW, left = x(from), width = Math.max(3, x(to) - left);
  const label = `${name}, ${releases}`, room = lengthOf(label) + 12;
  const place = width > room
    ? markup`x="${at(left + 6)}"`
    : left > room
    ? markup`x="${at(left - 6)}" text-anchor="end"`
    : markup`x="${at(left + width + 6)}"`;
  return markup`<rect class="rule" x="${at(left)}" y="${y}" width="${
    at(width)
  }" height="18" rx="2"/><text class="rule" ${place} y="${y + 13.5}">${label}</text>\n`;
}

/** A commit as a tick, a CVE as a diamond with its name. */
function mark({ at: when, entry, kind }: Tick, x: (at: number) => number, y: number): Html {
  const where = at(x(when)), title = markup`<title>${entry.date}: ${titleOf(entry)}</title>`;
  if (kind === "commit") {
    return markup`<path class="commit" d="M${where} ${y}v18">${title}</path>\n`;
  }
  return markup`<path class="cve" d="M${where} ${
    y - 2
  }l7 11l-7 11l-7 -11z">${title}</path><text class="cve" x="${at(x(when) - 12)}" y="${
    y - 8
  }" text-anchor="end">${titleOf(entry)}</text>\n`;
}

/** A chapter as a bar over its years, its name and its katas in it or behind it; dashed while nobody has written it. */
function pin(pinned: Pinned, y: number, x: (at: number) => number, path: string): Html {
  const { number, chapter, katas } = pinned;
  const left = x(pinned.from), width = x(pinned.to) - left;
  const label = `${number} ${titleOf(pinned)}${chapter ? "" : `, ${UNWRITTEN}`}`;
  const long = lengthOf(label), room = long + 16 + katas.length * 28;
  const start = width > room ? left + 8 : left + width + 8;
  const ends = start + room > WIDTH ? left - 8 - long : start;
  const text = markup`<text x="${at(ends)}" y="${y + 16}">${label}</text>`;
  const bar = markup`<rect x="${at(left)}" y="${y}" width="${at(width)}" height="24" rx="4"/>`;
  if (!chapter) return markup`<g class="chapter unwritten">${bar}${text}</g>\n`;
  return markup`<a class="chapter" href="${href(path, chapterPath(chapter))}">${bar}${text}</a>${
    katas.map((kata, n) =>
      markup`<a class="kata" href="${href(path, kataPath(kata))}" aria-label="Kata: ${
        titleOf(kata)
      }"><circle cx="${at(ends + long + 16 + n * 28)}" cy="${y + 12}" r="7"/><title>Kata: ${
        titleOf(kata)
      }</title></a>`
    )
  }\n`;
}

/** From top to bottom: each year in which something was, with the rule that held as a band at its side. */
function list({ from, to, rules, ticks, chapters }: History, path: string): Html {
  const years = Array.from({ length: to - from }, (_, n) => from + n);
  const isIn = (year: number) => (when: number) => Math.floor(when) === year;
  return markup`<ol class="years">
${
    years.map((year) => {
      const now = isIn(year);
      const begun = rules.filter((rule) => now(rule.from)),
        told = chapters.filter((c) => now(c.from));
      const own = ticks.filter((tick) => now(tick.at));
      const commits = own.filter(({ kind }) => kind === "commit").length;
      const quiet = begun.length + told.length + own.length === 0;
      const rule = rules.findLastIndex((one) => one.from < year + 1);
      return markup`<li class="rule-${rule % 2}${
        quiet && " quiet"
      }"><span class="year">${year}</span>${
        begun.map(({ name, releases }) =>
          markup`<p class="begun"><code>${name}</code> ${releases}</p>`
        )
      }${
        commits > 0 &&
        markup`<p class="marks"><span aria-hidden="true">${"│".repeat(commits)}</span> ${commits} ${
          commits === 1 ? "commit" : "commits"
        }</p>`
      }${
        own.filter(({ kind }) => kind === "CVE").map(({ entry }) =>
          markup`<p class="marks cve"><span aria-hidden="true">◆</span> ${titleOf(entry)}</p>`
        )
      }${told.map((pinned) => line(pinned, path))}</li>\n`;
    })
  }</ol>
`;
}

function line({ number, title, years, chapter, katas }: Pinned, path: string): Html {
  const text = markup`${number} ${inlineProse(title)}`;
  if (!chapter) {
    return markup`<p class="chapter unwritten">${text} <span class="meta">${years}, ${UNWRITTEN}</span></p>`;
  }
  return markup`<p class="chapter"><a href="${
    href(path, chapterPath(chapter))
  }">${text}</a> <span class="meta">${years}${
    katas.length > 0 && `, ${katas.length} katas`
  }</span></p>`;
}

/** How long a text is at most: a browser measures it later, in a face that nobody knows. */
const lengthOf = (text: string) =>
  [...text].reduce((sum, char) => sum + (/[A-Z_]/.test(char) ? 9.4 : 7.3), 0);

const at = (place: number) => Math.round(place * 10) / 10;
