import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyOf } from "./body.ts";
import { linkProblems, type Look } from "./links.ts";
import { parse } from "./markdown.ts";
import { markdown } from "./testing.ts";

const files: Record<string, string> = {
  "sim/mm/memory.ts": `import { hidden } from "./x.ts";
export function do_wp_page(pte: number) { const inside = pte; return inside; }
export const mapcount: Era = { wpCanReuse: () => true };
export class Lab { get_user_pages() {} #own = 1; }
export interface Page { refcount: number }
export type Pid = number;
let notExported = 1;
export { hidden as shown };
`,
  "sim/scenes/a b.scene": "P0 fork",
  "kata/00-last-writer": "",
};
const look: Look = (path) => Promise.resolve(files[path]);
const other = bodyOf(
  parse(markdown("## Two words\n\n```ts id=there\n```\n"), "chapters/91-other.md"),
);

async function said(text: string): Promise<string[]> {
  const source = markdown(`${text}\n\n# A heading: it \`is\`\n\n\`\`\`ts id=here\n\`\`\`\n`);
  const body = bodyOf(parse(source, "chapters/90-links.md"));
  files["chapters/90-links.md"] = source;
  files["chapters/91-other.md"] = "";
  const problems = await linkProblems(body, [body, other], look);
  return problems.map((problem) => String(problem));
}

test("a link that leads somewhere passes", async () => {
  for (
    const text of [
      "[a file](../sim/mm/memory.ts)",
      "[a folder](../kata/00-last-writer)",
      "[a scene](../sim/scenes/a%20b.scene)",
      "[`do_wp_page`](../sim/mm/memory.ts)",
      "[`do_wp_page(pte)`](../sim/mm/memory.ts)",
      "[`Lab.get_user_pages`](../sim/mm/memory.ts)",
      "[`mapcount.wpCanReuse`](../sim/mm/memory.ts) [`Page.refcount`](../sim/mm/memory.ts)",
      "[`notExported`](../sim/mm/memory.ts) [`Pid`](../sim/mm/memory.ts)",
      "[`sim/mm/memory.ts`](../sim/mm/memory.ts)",
      "[here](#here) [there](91-other.md#there) [other](91-other.md#two-words) [c](91-other.md)",
      "[heading](#a-heading-it-is)",
      "[3](#count:here.lost) [far](https://example.org/x.ts#y) <mailto:a@example.org>",
      "`[code](nowhere.md)`",
    ]
  ) assert.equal(await said(text), [], text);
});

test("a link that leads nowhere is named at its line", async () => {
  const cases: [text: string, expected: string][] = [
    ["[x](../sim/memory.ts)", "there is no sim/memory.ts"],
    ["[x](../../etc/passwd)", "there is no ../etc/passwd"],
    ["[x](%ff)", "there is no %ff"],
    ["[x](../sim/%00)", "there is no ../sim/%00"],
    [`[x](../${"a".repeat(5_000)})`, `there is no ../${"a".repeat(77)}…`],
    ["[x](../.git/config)", ".git/config is hidden, and not for readers"],
    ["[x](javascript:alert(1))", "a link to `javascript:` is not for readers"],
    ["[x](DATA:text/html,x)", "a link to `DATA:` is not for readers"],
    ["[x](vbscript:x)", "a link to `vbscript:` is not for readers"],
    ["[x](/sim/mm/memory.ts)", "there is no "],
    ["[`do_wp_pages`](../sim/mm/memory.ts)", "sim/mm/memory.ts declares no `do_wp_pages`"],
    ["[`Lab.pin`](../sim/mm/memory.ts)", "sim/mm/memory.ts declares no `pin`"],
    ["[`inside`](../sim/mm/memory.ts)", "sim/mm/memory.ts declares no `inside`"],
    ["[x](#hree)", "chapters/90-links.md has no cell and no heading `hree`"],
    ["[x](91-other.md#ther)", "chapters/91-other.md has no cell and no heading `ther`"],
    ["[x](92-other.md#there)", "there is no chapters/92-other.md"],
  ];
  for (const [text, expected] of cases) {
    const [first] = await said(`First.\n\n${text}`);
    assert.ok(first?.startsWith(`chapters/90-links.md:12: error: ${expected}`), first);
  }
  const [first] = await said("[`do_wp_pages`](../sim/mm/memory.ts)");
  assert.match(first!, "Did you mean `do_wp_page`");
});

test.run();
