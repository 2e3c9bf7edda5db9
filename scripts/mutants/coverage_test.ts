import { test } from "uvu";
import * as assert from "uvu/assert";
import { calledIn, reaches } from "./coverage.ts";
import { mutantsOf } from "./sites.ts";

const source = `export const a = 1;
function b() { return 2; }
function c() { return 3; }
class D { get e() { return 4; } }
`;
const [a, , b, , c, , e] = mutantsOf("sim/mm/a.ts", source);

test("calledIn() reads what Deno leaves, and reaches() knows who can notice a mutant", async () => {
  const dir = await Deno.makeTempDir({ prefix: "pinned coverage " });
  try {
    const child = async (folder: string, text: string) => {
      await Deno.mkdir(`${dir}/${folder}/sim/mm`, { recursive: true });
      await Deno.writeTextFile(`${dir}/${folder}/sim/mm/a.ts`, text);
      const { success } = await new Deno.Command("deno", {
        args: ["run", "--quiet", `${dir}/${folder}/sim/mm/a.ts`],
        env: { DENO_COVERAGE_DIR: `${dir}/found` },
      }).output();
      assert.ok(success);
    };
    await child("one copy", `${source}b();`);
    await child("another copy", `${source}new D().e; Deno.exit(0);`);
    const called = await calledIn(`${dir}/found`);
    assert.equal([...called.keys()], ["sim/mm/a.ts"]);
    assert.equal([a, b, c, e].map((mutant) => reaches(called, mutant!)), [true, true, false, true]);
    assert.not(reaches(called, { ...a!, path: "sim/mm/b.ts" }));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

test.run();
