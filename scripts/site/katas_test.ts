// In a context that has neither files nor modules, and nothing of Deno's, the suites judge as on the command line.

import vm from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadKatas } from "../kata/list.ts";
import { type Judged, linkKatas } from "./katas.ts";

const context = vm.createContext({ console: { log() {} }, TextDecoder, TextEncoder });
vm.runInContext(await linkKatas(), context);
const judged: Judged[] = await vm.runInContext("judgeKatas()", context);

for (const { dir, slug } of await loadKatas()) {
  test(`in a page ${slug}'s solution passes, and each wrong fix is rejected by its test`, () => {
    const here = judged.filter(({ path }) => path.startsWith(`${dir}/`));
    assert.ok(here.length > 5);
    for (const { path, said, promised } of here) assert.is(said, promised, path);
  });
}

test.run();
