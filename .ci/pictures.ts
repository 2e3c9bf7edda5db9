/// <reference lib="dom" />
// Every picture of every chapter, measured as it is drawn: on narrow and on wide pages, with and without JavaScript, in
// both themes.

import type { Page } from "playwright-core";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import { visit } from "./browser.ts";

/** A watch, a small phone, a phone, a desk. */
const WIDTHS = [284, 320, 390, 1280];

/**
 * What is wrong with the pictures of a page, a line each: one that is cut or scrolls, a line of text that leaves its box
 * or the drawing, two that overlap, letters of less than 12 pixels where there is room for them.
 */
function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const shown = [...document.querySelectorAll(".output .picture svg")]
      .filter((svg) => svg.getClientRects().length > 0);
    for (const svg of shown) {
      const say = (what: string) => found.push(`${svg.closest(".cell")?.id}: ${what}`);
      const sheet = svg.getBoundingClientRect();
      if (sheet.left < 0 || sheet.right > innerWidth + 0.5) say("is cut");
      for (let box = svg.parentElement!; !box.matches(".output"); box = box.parentElement!) {
        if (box.scrollWidth > box.clientWidth + 1 && !box.matches(".picture")) say("scrolls");
      }
      if (sheet.width >= 284 && sheet.width / 330 * 14 < 12) say("is too small to read");
      const boxes = [...svg.querySelectorAll("rect:not(.paper)")].map((it) =>
        it.getBoundingClientRect()
      );
      const texts = [...svg.querySelectorAll("text")].map((it) =>
        [it.getBoundingClientRect(), it.textContent] as const
      );
      for (const [text, said] of texts) {
        const middle = (text.top + text.bottom) / 2;
        if (text.right > sheet.right + 0.5 || text.bottom > sheet.bottom + 4) say(`cuts ${said}`);
        for (const box of boxes) {
          const inside = box.left < text.left && text.left < box.right && box.top < middle &&
            middle < box.bottom;
          if (inside && text.right > box.right) say(`${said} leaves its box`);
        }
        for (const [other, says] of texts) {
          const overlap = text !== other && text.left < other.right - 1 &&
            other.left < text.right - 1 && text.top < other.bottom - 6 &&
            other.top < text.bottom - 6;
          if (overlap) say(`${said} lies over ${says}`);
        }
      }
    }
    return found;
  });
}

/** The texts of pictures with less contrast than 4.5:1 to the page. */
function faint(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const channel = (value: number) =>
      value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const light = (color: string) => {
      const [r, g, b] = color.match(/[\d.]+/g)!.map((value) => channel(Number(value) / 255));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const paper = light(getComputedStyle(document.documentElement).backgroundColor);
    const contrast = (one: number) => (Math.max(one, paper) + 0.05) / (Math.min(one, paper) + 0.05);
    const texts = [...document.querySelectorAll(".picture text, .picture tspan")];
    return texts.flatMap((text) => {
      const { fill } = getComputedStyle(text), ratio = contrast(light(fill));
      return ratio < 4.5 ? [`${text.textContent}: ${fill}, ${ratio.toFixed(2)}:1`] : [];
    });
  });
}

/** Puts the tests of the chapters at `root`, an origin's, into a suite. */
export function testPictures(
  test: ReturnType<typeof suite>,
  root: string,
  chapters: readonly string[],
) {
  for (const chapter of chapters) {
    test(`no picture of ${chapter} is cut, scrolls or overlaps itself, at ${WIDTHS.join(", ")} pixels`, async () => {
      for (const width of WIDTHS) {
        for (const javaScriptEnabled of [true, false]) {
          const viewport = { width, height: 900 };
          await visit(root + chapter, { viewport, javaScriptEnabled }, async (page) => {
            assert.equal(await faults(page), [], `${width}, ${javaScriptEnabled}`);
          });
        }
      }
    });

    test(`every word in a picture of ${chapter} can be read in both themes`, async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await visit(root + chapter, { colorScheme }, async (page) => {
          assert.equal(await faint(page), [], colorScheme);
        });
      }
    });
  }
}
