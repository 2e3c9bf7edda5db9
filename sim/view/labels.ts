/**
 * What is written into the boxes of a drawing: an owner's shares, a frame's counts and contents, each in as few letters as
 * do.
 *
 * @module
 */

import { REST } from "./fold.ts";
import { type Box, countText, type Owner, type Share } from "./picture.ts";
import type { Run } from "./svg.ts";

/** The lines of an owner's box, and with each the share whose arrow leaves there. */
export function rowsOf(owner: Owner): { runs: Run[]; share?: Share }[] {
  const { name, kind, shares, change } = owner, gone = change === "gone";
  const title: Run = { text: name, bold: change === "new", struck: gone };
  const ofs = new Set(shares.map(({ of }) => of)), [of] = ofs.size === 1 ? ofs : [];
  const aside = of ? [{ runs: [{ text: `of ${of}`, quiet: true }] }] : [];
  const more = ({ bits, change }: Share) => {
    const [, text] = bits.split(", ");
    return text && change !== "gone" ? [{ runs: [{ text, quiet: true }] }] : [];
  };
  const [only] = shares;
  if (shares.length === 0) {
    const nothing = kind === "process" && !gone
      ? [{ runs: [{ text: "no frame", quiet: true }] }]
      : [];
    return [{ runs: [title] }, ...nothing];
  }
  if (shares.length === 1 && !only!.address) {
    const bits = bitRuns(only!, gone);
    const words = bits.length > 0 ? [title, { text: " " }, ...bits] : [title];
    const long = words.reduce((sum, { text }) => sum + text.length, 0) > 14;
    return long
      ? [{ runs: [title], share: only! }, { runs: bits }, ...aside, ...more(only!)]
      : [{ runs: words, share: only! }, ...aside, ...more(only!)];
  }
  return [
    { runs: [title] },
    ...aside,
    ...shares.flatMap((share) => [
      { runs: shareRuns(share, gone, ofs.size > 1), share },
      ...more(share),
    ]),
  ];
}

function shareRuns(share: Share, gone: boolean, says: boolean): Run[] {
  const whose = says && share.of ? `${share.of} ` : "", at = share.address ?? "";
  const struck = gone || share.change === "gone", bits = bitRuns(share, gone);
  const text = whose + (at.length > 10 ? `0x…${at.slice(-7)}` : at);
  if (!text && bits.length === 0) return [{ text: share.to, quiet: true }];
  return bits.length > 0 ? [{ text: `${text} `, struck: false }, ...bits] : [{ text, struck }];
}

/** `rw-`; a permission that was lost stands there struck through, one that was gained in bold. */
function bitRuns({ bits, before, change }: Share, gone: boolean): Run[] {
  const [short = ""] = bits.split(", ");
  if (short === "") return [];
  if (gone || change === "gone") return [{ text: short, struck: true }];
  if (before?.bits === "rw-" && bits === "r--") {
    return [{ text: "r" }, { text: "w", struck: true }, { text: "-" }];
  }
  return [{ text: short, bold: before !== undefined && before.bits !== bits }];
}

/** Name and contents, the counts and marks, as many to a line as fit. */
export function boxLines(
  { name, counts, marks, contents, written, change }: Box,
  letters: number,
): Run[][] {
  if (name === REST) return [[{ text: contents, quiet: true }]];
  if (change === "gone") return [[{ text: name, struck: true }, { text: " freed", quiet: true }]];
  const fits = name.length + 1 + contents.length <= letters;
  const cut = contents.length > letters ? `${contents.slice(0, letters - 1)}…` : contents;
  const said: Run = { text: cut, bold: written === true };
  const tokens = [
    ...counts.map((count) => {
      const short = { refcount: "ref", mapcount: "map", entries: "entries" }[count.name];
      return { text: `${short} ${countText(count)}`, bold: count.before !== undefined };
    }),
    ...marks.map((text) => ({ text, bold: text === "freed" })),
    ...change === "new" ? [{ text: "new", bold: true }] : [],
  ];
  const lines: Run[][] = [];
  let used = letters + 1;
  for (const { text, bold } of tokens) {
    const run: Run = bold ? { text, bold } : { text, quiet: true };
    if (used + 3 + text.length <= letters) lines.at(-1)!.push({ text: " · ", quiet: true }, run);
    else lines.push([run]);
    used = lines.at(-1)!.reduce((sum, { text }) => sum + text.length, 0);
  }
  const title: Run = { text: name, bold: true };
  if (contents === "") return [[title], ...lines];
  return fits ? [[title, { text: " " }, said], ...lines] : [[title], [said], ...lines];
}
