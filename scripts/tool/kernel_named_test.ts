// A kernel is found by its release or its era; anything else is answered with what is near.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { kernelNamed, kernelNames } from "./kernel_named.ts";

const said = (name: string): string => {
  try {
    return kernelNamed(name).era.name;
  } catch (error) {
    return String(error);
  }
};

test("kernelNamed() finds a release, what uname prints, and an era", () => {
  assert.is(said("6.1.176"), "anon_exclusive");
  assert.is(said("5.15.0-25-generic"), "page_count");
  for (const name of kernelNames) assert.is(kernelNamed(name).release, name);
});

test("kernelNamed() answers a release that nothing is known of with its neighbours", () => {
  assert.is(
    said("6.9"),
    "error: nothing is known of 6.9, between 6.8 (ro_longterm) and 6.12 (ro_longterm)\n" +
      "  Name one of these, or an era",
  );
});

test("kernelNamed() answers a misspelt era with the nearest, and what is near none with all", () => {
  assert.is(
    said("pagecount"),
    'error: there is no kernel "pagecount"\n  Did you mean page_count?',
  );
  assert.match(
    said("x"),
    /^error: there is no kernel "x"\n {2}There are 5\.4\.38, .*, large_folio$/,
  );
});

test.run();
