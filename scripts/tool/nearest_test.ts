// What is offered for a name that does not exist.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { didYouMean, nearestName, noSuch } from "./nearest.ts";

const test = suite("nearest");

test("nearestName() takes the beginning of a name for the name", () => {
  const names = ["ghost-buffer", "last-writer", "watch", "hint"];
  assert.is(nearestName("gohst", names), "ghost-buffer");
  assert.is(nearestName("last", names), "last-writer");
  assert.is(nearestName("hnit", names), "hint");
  assert.is(nearestName("x", []), undefined);
  assert.is(nearestName("nothing", ["both"]), undefined);
  assert.is(nearestName("test", names), undefined);
  assert.is(nearestName("README.md", names), undefined);
});

test("didYouMean() lists all names where none is near", () => {
  assert.is(didYouMean("map_count", ["mapcount", "page_count"]), "Did you mean mapcount?");
  assert.is(didYouMean("nonsense", ["mapcount", "page_count"]), "There are mapcount, page_count");
});

test("a word of 4,000 letters is near nothing, and is not told at length", () => {
  const typed = "ghost-buffer".repeat(334), names = ["ghost-buffer", "last-writer"];
  let asked = 0;
  const counting = new Proxy(names, { get: (list, key) => (asked++, Reflect.get(list, key)) });
  assert.is(nearestName(typed, counting), undefined);
  assert.is(asked, 0); // not a clock: how often it looks is what takes the time
  assert.is(
    String(noSuch("kata", typed, names)),
    `error: there is no kata "${typed.slice(0, 60)}…"\n  There are ghost-buffer, last-writer`,
  );
});

test.run();
