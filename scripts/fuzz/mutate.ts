// A text, and what bad luck or bad will makes of it: lines that go, come twice or change places, pieces of other texts, what a
// parser stumbles over, nesting, and an end in the middle. A mutation is a few numbers, so that it can be made shorter.

import fc, { type Arbitrary } from "fast-check";

/** One change: what is done, where, how much of it, and with what. Numbers are shares of what there is. */
export interface Edit {
  kind: number;
  at: number;
  length: number;
  pick: number;
}

/** What a text begins as, and what is done to it. */
export interface Mutation {
  base: number;
  edits: Edit[];
}

const share = (): Arbitrary<number> => fc.nat({ max: 9_999 });

/** Up to so many changes to one of many texts. */
export function mutations(most = 4): Arbitrary<Mutation> {
  const edit = fc.record({ kind: share(), at: share(), length: share(), pick: share() });
  return fc.record({ base: share(), edits: fc.array(edit, { minLength: 1, maxLength: most }) });
}

const deep = 3_000;
/** What parsers and terminals stumble over, wherever it stands. */
const NASTY: readonly string[] = [
  ...[
    "---",
    "...",
    "\n---\n",
    "\t",
    ":",
    ": ",
    "- ",
    "#",
    "# ",
    "## ",
    "\\",
    '"',
    "'",
    "`",
    "```",
    "~~~",
  ],
  ...[
    "```ts\n",
    "```ts id=a throws=E\n",
    "```output\n",
    "```predict\n",
    "\n\n",
    "\r",
    "\r\n",
    "\ufeff",
  ],
  ...[
    "\0",
    "\x1b[2J",
    "\x1b]0;t\x07",
    "\x9b1m",
    "\x7f",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u202e",
    "\u2028",
  ],
  ...["\ud800", "\udfff", "\u{e0041}", "\ufffc", "你好", "👩‍💻", "é", "𝒳"],
  ...[
    "0",
    "-1",
    "1e999",
    "NaN",
    "0.5",
    "99999999999999999999",
    "2005-02-30",
    "0x10",
    "null",
    "true",
    "~",
  ],
  ...[
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "<!--",
    "-->",
    "<svg",
    "</script>",
    "|",
    "*",
    "**",
    "_",
    "!",
  ],
  ...[
    "[a](",
    "](%ff)",
    "](%00)",
    "](../../x)",
    "](javascript:1)",
    "](http://[)",
    "[x]: //[\n",
    "](#count:a.b)",
  ],
  ...[
    "](#seen:)",
    "](../README.md/x)",
    "](../sim)",
    "&a ",
    "*a",
    "<<: ",
    "!!js ",
    "? ",
    "__proto__",
    "constructor",
  ],
  ...[
    "__proto__: 1\n",
    "toString:\n",
    "%YAML 9\n",
    "|\n",
    ">-\n",
    "$&",
    "${",
    "=>",
    "import(",
    'import "x"',
  ],
  ...["\n> ".repeat(3), "> ".repeat(deep), "[".repeat(deep), "(".repeat(deep), "{a: ".repeat(deep)],
  ...[
    "- ".repeat(deep),
    "*a ".repeat(deep),
    "`".repeat(deep),
    "![".repeat(deep),
    "x".repeat(9_000),
  ],
  ...[
    "<".repeat(deep),
    "\n".repeat(deep),
    "| ".repeat(deep),
    "_a".repeat(deep),
    "&amp".repeat(deep),
  ],
  ...["a=>".repeat(deep), "`${".repeat(300), "\\".repeat(deep), "=== x\n", "P9 ", "a0 ", "* "],
];

/** Where a link may lead that leads nowhere, or nowhere good. */
const ADDRESSES: readonly string[] = [
  ...[
    "%ff",
    "%00",
    "%",
    "x".repeat(5_000),
    "../".repeat(500),
    "../README.md/x",
    "../sim",
    "../.git/config",
  ],
  ...[
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[",
    "//[",
    "//",
    "#",
    "#seen:",
    "#count:",
    "?",
    "/",
  ],
  ...[
    "..",
    "../../etc/passwd",
    "C:\\x",
    "file:///etc/passwd",
    "<a b>",
    "mailto:",
    "\u202e",
    "#%ff",
    "a#%00",
  ],
  ...[
    "../sim/mod.ts#x",
    "00-owners.md#nothing",
    "%2e%2e/x",
    "../kata/%2f",
    "http:",
    "x:y",
    "é",
    "%c3%28",
  ],
];

/** The text that a mutation makes of one of many. */
export function mutated({ base, edits }: Mutation, bases: readonly string[]): string {
  let text = bases[base % bases.length]!;
  for (const edit of edits) text = changed(text, edit, bases);
  return text;
}

function changed(text: string, { kind, at, length, pick }: Edit, bases: readonly string[]): string {
  const lines = text.split("\n"), line = at % lines.length;
  const from = Math.floor(at / 10_000 * (text.length + 1)), some = 1 + length % 40;
  const nasty = NASTY[pick % NASTY.length]!, other = bases[pick % bases.length]!;
  const put = (what: string, instead = 0) =>
    text.slice(0, from) + what + text.slice(from + instead);
  switch (kind % 14) {
    case 0:
      return lines.toSpliced(line, 1 + length % 3).join("\n");
    case 1:
      return lines.toSpliced(line, 0, ...lines.slice(line, line + 1 + length % 3)).join("\n");
    case 2:
      return lines.with(line, lines[pick % lines.length]!).with(
        pick % lines.length,
        lines[line]!,
      ).join("\n");
    case 3:
    case 4:
      return put(nasty);
    case 5:
      return put(nasty, some);
    case 6:
      return lines.with(line, nasty).join("\n");
    case 7:
      return put("", some);
    case 8:
      return text.slice(0, from);
    case 9: {
      const piece = other.split("\n"), first = length % piece.length;
      return lines.toSpliced(line, 0, ...piece.slice(first, first + 1 + length % 5)).join("\n");
    }
    case 10:
      return lines.with(line, lines[line]!.replace(/[\w.-]+(?=\W*$)/, () => nasty)).join("\n");
    case 11:
    case 12: {
      // The next link, or the next definition of one.
      const address = ADDRESSES[pick % ADDRESSES.length]!;
      const rest = text.slice(from).replace(
        /\]\([^)\n]*\)|^\[([^\]\n]*)\]:.*/m,
        (_, id) => id === undefined ? `](${address})` : `[${id}]: ${address}`,
      );
      return text.slice(0, from) + rest;
    }
    default:
      return pick % 2 === 0
        ? text.replaceAll("\n", "\r\n")
        : put(text.slice(from, from + some).repeat(20));
  }
}
