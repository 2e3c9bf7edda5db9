// The words of a story: every kind of event, and what stands around them.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Event, releaseNamed, replay, story } from "../mod.ts";
import { address } from "../scene/notation.ts";
import { eventText } from "./story.ts";

const A0 = address("a0") / 4096, A1 = A0 + 1, A2 = A0 + 2;

const test = suite("story");

/** Whose events these could be. */
const TRACE: Event[] = [{ type: "op", call: "fork", args: {}, line: "P0 fork P1" }];

const EVENTS: [event: Event, text: string][] = [
  [
    { type: "note", reason: { at: "wp_page_copy", pfn: 7 } },
    "wp_page_copy: the entry has changed: drop the copy",
  ],
  [
    { type: "saw", sight: { at: "mmap_lock", mm: 1, mode: "write", holders: [0] } },
    "waits for mmap_lock of mm 1, held for write by P0 fork P1",
  ],
  [
    {
      type: "set_pte",
      mm: 1,
      vpn: A0,
      pte: { pfn: 3, writable: true, dirty: false },
      exclusive: true,
    },
    "a0 of mm 1 is pfn 3, writable",
  ],
  [
    {
      type: "set_pte",
      mm: 2,
      vpn: A1,
      pte: { pfn: 4, writable: false, dirty: true },
      exclusive: false,
    },
    "a1 of mm 2 is pfn 4, read-only",
  ],
  [
    { type: "protect", mm: 1, vpn: A0, writable: true, dirty: true },
    "a0 of mm 1 becomes writable",
  ],
  [
    { type: "protect", mm: 1, vpn: A0, writable: false, dirty: false },
    "a0 of mm 1 becomes read-only, clean",
  ],
  [{ type: "clear_pte", mm: 1, vpn: A2 }, "a2 of mm 1 is emptied"],
  [{ type: "unmap_to_swap", mm: 1, vpn: A2, exclusive: true }, "a2 of mm 1 is a swap entry"],
  [{ type: "zap", mm: 1, vpns: [A0] }, "a0 of mm 1 unmapped"],
  [{ type: "zap", mm: 1, vpns: [A1, A2] }, "a1 and 1 more of mm 1 unmapped"],
  [
    { type: "share", from: 1, to: 2, vpn: A1 },
    "a1 of mm 1 shared with mm 2, read-only in both",
  ],
  [{ type: "dup", from: 1, to: 2, vpn: A0 }, "a0 of mm 1 given to mm 2"],
  [
    { type: "dup_swap", from: 1, to: 2, vpn: A0, exclusive: false },
    "a0 of mm 1, swapped out, given to mm 2",
  ],
  [{ type: "alloc", pfn: 5, from: undefined }, "pfn 5 allocated"],
  [{ type: "alloc", pfn: 5, from: 3 }, "pfn 3 copied to pfn 5"],
  [{ type: "alloc", pfn: 5, from: 0 }, "pfn 0 copied to pfn 5"],
  [{ type: "free", pfn: 5 }, "pfn 5 freed"],
  [{ type: "store", pfn: 5, offset: 0, bytes: [1] }, "pfn 5 written"],
  [{ type: "exclusive", pfn: 5, value: true }, "pfn 5 is exclusive"],
  [{ type: "exclusive", pfn: 5, value: false }, "pfn 5 is no longer exclusive"],
  [{ type: "add_to_swap_cache", pfn: 5, slot: 2 }, "pfn 5 enters the swap cache, slot 2"],
  [{ type: "delete_from_swap_cache", pfn: 5 }, "pfn 5 leaves the swap cache"],
  [{ type: "has_pinned", mm: 1 }, "mm 1 has pinned"],
  [{ type: "write_protect_seq", mm: 1 }, "write_protect_seq of mm 1 counts on"],
  [{ type: "get", pfn: 5, refs: 1, holder: "nic" }, "1 more reference to pfn 5"],
  [{ type: "try_grab", pfn: 5, refs: 1024, by: "x" }, "1024 more references to pfn 5"],
  [{ type: "put", pfn: 5, refs: 2, holder: "nic" }, "2 fewer references to pfn 5"],
  [{ type: "put", pfn: 5, refs: 1, holder: "nic" }, "1 fewer reference to pfn 5"],
  [{ type: "ungrab", by: "x" }, "what it took is given back"],
  [{ type: "keep", by: "x", holder: "pin 0" }, "pin 0 has them"],
];
for (const [event, text] of EVENTS) {
  test(`eventText(): ${text}`, () => assert.is(eventText(event, TRACE), text));
}

test("eventText() of what nobody asks for is nothing", () => {
  const silent: Event[] = [
    { type: "op", call: "load", args: { pid: 1 }, line: "P0 r a0" },
    { type: "anon_vma", mm: 1, start: 0, anonVma: 1 },
    { type: "lazyfree", pfn: 1, value: true },
    { type: "exit", pid: 1 },
  ];
  for (const event of silent) assert.is(eventText(event, TRACE), undefined);
});

test("story() names an operation at its first step and at its last", () => {
  const lines = ["P0 mmap a 2 priv", "P0 w a0 1", "P0 fork P1", "race", "A: P0 w a0 2", "end"];
  const told = story(replay({ lines }, releaseNamed("mapcount"), ""));
  assert.equal(
    told.map(({ letter, operation, said, answer }) => ({ letter, operation, said, answer })),
    [
      {
        letter: "A",
        operation: "P0 w a0 2",
        said: [
          "do_wp_page (mapcount): copy pfn 1: refcount 2, mapcount 2",
          "pfn 1 copied to pfn 2",
          "1 more reference to pfn 1",
        ],
        answer: undefined,
      },
      {
        letter: "A",
        operation: undefined,
        said: ["a0 of mm 1 is pfn 2, writable", "what it took is given back"],
        answer: undefined,
      },
      { letter: "A", operation: "P0 w a0 2", said: ["pfn 2 written"], answer: "ok f1 copy" },
    ],
  );
});

test.run();
