// Every decision and every sight in words.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Event, Reason, Sight } from "../mod.ts";
import { reasonText, sightText } from "./reason.ts";

const test = suite("reason");

const shared = { refcount: 3, mapcount: 2, anonExclusive: false };
const exclusive = { refcount: 1025, mapcount: 1, anonExclusive: true };
const unmap = { at: "try_to_unmap_one", pfn: 4, refcount: 2 } as const;

const REASONS: [reason: Reason, text: string][] = [
  [
    { at: "do_anonymous_page" },
    "do_anonymous_page: a read of an untouched page maps the zero page",
  ],
  [
    { at: "do_swap_page", era: "mapcount", slot: 1, pfn: 2, exclusive: true },
    "do_swap_page (mapcount): slot 1 to pfn 2: nobody else has it",
  ],
  [
    { at: "do_swap_page", era: "page_count", slot: 3, pfn: 4, exclusive: false },
    "do_swap_page (page_count): slot 3 to pfn 4: others may have it",
  ],
  [
    { at: "do_wp_page", by: "kind", answer: "copy", pfn: 4, kind: "ksm" },
    "do_wp_page: copy pfn 4: KSM merged it",
  ],
  [
    { at: "do_wp_page", by: "kind", answer: "copy", pfn: 0, kind: "zero" },
    "do_wp_page: copy pfn 0: a zero page is never written here",
  ],
  [
    { at: "do_wp_page", by: "era", answer: "copy", era: "mapcount", pfn: 1, counts: shared },
    "do_wp_page (mapcount): copy pfn 1: refcount 3, mapcount 2",
  ],
  [
    { at: "do_wp_page", by: "era", answer: "reuse", era: "x", pfn: 1, counts: exclusive },
    "do_wp_page (x): reuse pfn 1: refcount 1025, mapcount 1, exclusive",
  ],
  [{ at: "wp_page_copy", pfn: 9 }, "wp_page_copy: the entry has changed: drop the copy"],
  [
    { at: "copy_present_page", rule: "VM_COPYONFORK", pfn: 1, counts: exclusive },
    "copy_present_page (VM_COPYONFORK): copy pfn 1: refcount 1025, mapcount 1, exclusive",
  ],
  [
    { at: "get_user_pages", mmapLock: "held for read" },
    "get_user_pages: sets VM_COPYONFORK, the mmap_lock held for read",
  ],
  [
    { ...unmap, answer: "keep", by: "dirty" },
    "try_to_unmap_one: keep pfn 4: written since MADV_FREE",
  ],
  [{ ...unmap, answer: "keep", by: "refcount" }, "try_to_unmap_one: keep pfn 4: refcount 2"],
  [
    { ...unmap, answer: "drop", by: "lazyfree" },
    "try_to_unmap_one: drop pfn 4: MADV_FREE gave it up",
  ],
  [
    { ...unmap, answer: "keep", by: "busy" },
    "try_to_unmap_one: keep pfn 4: it may be pinned, or is in use again",
  ],
  [
    { at: "shrink_folio_list", by: "pinned", pfn: 5 },
    "shrink_folio_list: keep pfn 5: it may be pinned",
  ],
  [
    { at: "shrink_folio_list", by: "referenced", pfn: 5 },
    "shrink_folio_list: keep pfn 5: somebody refers to it",
  ],
  [
    { at: "write_protect_page", pfn: 6, refcount: 2, mapcount: 1 },
    "write_protect_page: leave pfn 6: refcount 2, mapcount 1",
  ],
];
for (const [reason, text] of REASONS) {
  test(`reasonText(): ${text}`, () => assert.is(reasonText(reason), text));
}

const TRACE: Event[] = [
  { type: "mm", mm: 1 },
  { type: "op", call: "load", args: {}, line: "P0 r a0" },
  { type: "op", call: "load", args: {}, line: "P1 r a0" },
];
const at = "gup_fast_pte_range";

const SIGHTS: [sight: Sight, text: string][] = [
  [
    { at: "mmap_lock", mm: 1, mode: "read", holders: [1, 2] },
    "waits for mmap_lock of mm 1, held for read by P0 r a0 and P1 r a0",
  ],
  [
    { at: "mmap_lock", mm: 7, mode: "write", holders: [-1] },
    "waits for mmap_lock of mm 7, held for write by nobody",
  ],
  [
    { at: "mmap_lock", mm: 8, mode: "write", holders: [0] },
    "waits for mmap_lock of mm 8, held for write by nobody",
  ],
  [
    { at: "copy_present_pte", pfn: 1, counts: shared },
    "copy_present_pte: may share pfn 1: refcount 3, mapcount 2",
  ],
  [{ at: "try_to_unmap_one", pfn: 2, pinned: true }, "try_to_unmap_one: pfn 2 may be pinned"],
  [{ at: "try_to_unmap_one", pfn: 2, pinned: false }, "try_to_unmap_one: pfn 2 is not pinned"],
  [{ at: "gup_fast", writeProtectSeq: "even" }, "gup_fast: write_protect_seq is even"],
  [
    { at: "gup_fast", writeProtectSeq: "odd" },
    "gup_fast: write_protect_seq is odd, fork is at work: no",
  ],
  [
    { at: "gup_fast", writeProtectSeq: "changed" },
    "gup_fast: write_protect_seq has changed, fork was at work: give all back",
  ],
  [{ at, entry: "refuses" }, "gup_fast: the entry does not allow it: no"],
  [
    { at, entry: "allows", pfn: 1, writable: true },
    "gup_fast: the entry says pfn 1, writable",
  ],
  [
    { at, entry: "allows", pfn: 1, writable: false },
    "gup_fast: the entry says pfn 1, read-only",
  ],
  [{ at, entry: "freed", pfn: 1 }, "gup_fast: pfn 1 was freed: no"],
  [{ at, entry: "same", pfn: 1 }, "gup_fast: the entry has not changed"],
  [{ at, entry: "changed", pfn: 1 }, "gup_fast: the entry has changed: give it back"],
  [
    { at, entry: "shared", pfn: 1 },
    "gup_fast: pfn 1 must be exclusive first: give it back",
  ],
];
for (const [sight, text] of SIGHTS) {
  test(`sightText(): ${text}`, () => assert.is(sightText(sight, TRACE), text));
}

test.run();
