// What is offered for a name that does not exist.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { didYouMean, nearestName } from "./nearest.ts";

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

test.run();
