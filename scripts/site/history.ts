// What the timeline shows, and when: rules from the machine's eras, commits and CVEs from the ledger, chapters from their
// front matter. A source that knows its year alone is put between those of its year that know more.

import { eras } from "../../sim/mod.ts";
import type { Kata } from "../kata/list.ts";
import type { Chapter } from "../notebook/chapter.ts";
import type { Entry } from "../notebook/ledger.ts";
import { readYaml } from "../tool/yaml.ts";

/** A span of time in years: 2005.5 is the middle of 2005. */
interface Span {
  from: number;
  to: number;
}

/** A rule, from its commit to that of the next. */
export interface Rule extends Span {
  name: string;
  releases: string;
}

/** A commit or a CVE. */
export interface Tick {
  at: number;
  entry: Entry;
  kind: "commit" | "CVE";
}

/** A chapter in the years that it tells of; one without `chapter` is still to be written. */
export interface Pinned extends Span {
  number: string;
  title: string;
  years: string;
  chapter?: Chapter;
  katas: readonly Kata[];
}

/** All that the timeline shows, each in the order of time. */
export interface History extends Span {
  rules: readonly Rule[];
  ticks: readonly Tick[];
  chapters: readonly Pinned[];
}

/** A chapter that is to be written. */
export type Planned = ReadonlyMap<string, { title: string; years: string }>;

/** Reads `chapters/planned.yaml`. */
export function parsePlanned(text: string): Planned {
  return new Map(
    Object.entries(readYaml(text, { what: "the plan", path: "chapters/planned.yaml" }))
      .map(([number, value]) => [number, value as { title: string; years: string }]),
  );
}

/** Puts everything in its place. */
export function historyOf(
  chapters: readonly Chapter[],
  katas: ReadonlyMap<string, Kata>,
  ledger: ReadonlyMap<string, Entry>,
  planned: Planned,
): History {
  const entries = [...ledger.values()].filter(({ kind, title }) =>
    kind === "commit" || /^CVE-/.test(title)
  );
  const written = chapters.map((chapter): Pinned => ({
    ...spanOf(chapter.front.years),
    ...{ number: chapter.number, title: chapter.front.title, years: chapter.front.years, chapter },
    katas: chapter.front.katas.flatMap((slug) => katas.get(slug) ?? []),
  }));
  const unwritten = [...planned].filter(([number]) =>
    !chapters.some((chapter) => chapter.number === number)
  ).map(([number, { title, years }]): Pinned => ({
    ...{ ...spanOf(years), number, title, years, katas: [] },
  }));
  const pinned = [...written, ...unwritten].sort((a, b) => a.number < b.number ? -1 : 1);
  const ticks = entries.flatMap((entry): Tick[] => {
    const at = timeOf(entry, entries);
    if (at === undefined) return [];
    return [{ at, entry, kind: entry.kind === "commit" ? "commit" : "CVE" }];
  }).sort((a, b) => a.at - b.at);
  const from = Math.floor(Math.min(...pinned.map(({ from }) => from), ticks[0]?.at ?? Infinity));
  const last = Math.max(...pinned.map(({ to }) => to), ticks.at(-1)?.at ?? -Infinity);
  const to = Math.ceil(last);
  return { from, to, rules: rulesOf(ticks, from, to), ticks, chapters: pinned };
}

/** The eras whose commit the ledger has, and the one before them all, of which no commit is known. */
function rulesOf(ticks: readonly Tick[], from: number, to: number): Rule[] {
  const begun = eras.flatMap(({ name, commit, releases }) => {
    const at = commit ? ticks.find(({ entry }) => entry.id === commit)?.at : from;
    return at === undefined ? [] : [{ name, releases, at }];
  });
  return begun.map(({ at, ...rule }, n) => ({ ...rule, from: at, to: begun[n + 1]?.at ?? to }));
}

/** `2005–2022` or `2006`: to the end of its last year. */
function spanOf(years: string): Span {
  const [first = 0, last = first] = years.match(/\d{4}/g)?.map(Number) ?? [];
  return { from: first, to: last + 1 };
}

/** When it was, as near as is known; undefined where not even the year is. */
function timeOf(entry: Entry, all: readonly Entry[]): number | undefined {
  const exact = exactly(entry.date);
  if (exact !== undefined || !entry.date) return exact;
  // Only the year: by the other sources of the same release, else by the releases around it.
  const year = Number(entry.date.slice(0, 4));
  const known = all.flatMap(({ release, date }) => {
    const at = exactly(date);
    return release && at !== undefined && Math.floor(at) === year ? [{ release, at }] : [];
  });
  const latest = (own: typeof known) =>
    own.length > 0 ? Math.max(...own.map(({ at }) => at)) : undefined;
  const same = latest(known.filter(({ release }) => release === entry.release));
  if (same !== undefined || !entry.release) return same ?? year + 0.5;
  const order = (a: string) => compare(a, entry.release!);
  const before = latest(known.filter(({ release }) => order(release) < 0)) ?? year;
  const after = known.filter(({ release }) => order(release) > 0).map(({ at }) => at);
  return (before + Math.max(before, Math.min(year + 1, ...after))) / 2;
}

/** A day, or the middle of a month. */
function exactly(date: string | undefined): number | undefined {
  const [, year, month, day = "15"] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(date ?? "") ?? [];
  return year === undefined
    ? undefined
    : Number(year) + (Number(month) - 1 + Number(day) / 32) / 12;
}

/** Which release is the older. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
