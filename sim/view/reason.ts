/**
 * What the machine decided and what its paths saw, in words.
 *
 * @module
 */

import type { Event } from "../event.ts";
import type { Counts, Reason, Sight } from "../reason.ts";
import { operationText } from "./operation.ts";

/** Why the machine decided as it did. */
export function reasonText(reason: Reason): string {
  switch (reason.at) {
    case "do_anonymous_page":
      return "do_anonymous_page: a read of an untouched page maps the zero page";
    case "do_swap_page": {
      const { era, slot, pfn, exclusive } = reason;
      const whose = exclusive ? "nobody else has it" : "others may have it";
      return `do_swap_page (${era}): slot ${slot} to pfn ${pfn}: ${whose}`;
    }
    case "do_wp_page": {
      const { by, answer, pfn } = reason;
      if (by === "era") {
        return `do_wp_page (${reason.era}): ${answer} pfn ${pfn}: ${countsText(reason.counts)}`;
      }
      const why = reason.kind === "ksm"
        ? "KSM merged it"
        : `a ${reason.kind} page is never written here`;
      return `do_wp_page: ${answer} pfn ${pfn}: ${why}`;
    }
    case "wp_page_copy":
      return "wp_page_copy: the entry has changed: drop the copy";
    case "copy_present_page": {
      const { rule, pfn, counts } = reason;
      return `copy_present_page (${rule}): copy pfn ${pfn}: ${countsText(counts)}`;
    }
    case "get_user_pages":
      return `get_user_pages: sets VM_COPYONFORK, the mmap_lock ${reason.mmapLock}`;
    case "try_to_unmap_one": {
      const why = {
        dirty: "written since MADV_FREE",
        refcount: `refcount ${reason.refcount}`,
        lazyfree: "MADV_FREE gave it up",
        busy: "it may be pinned, or is in use again",
      }[reason.by];
      return `try_to_unmap_one: ${reason.answer} pfn ${reason.pfn}: ${why}`;
    }
    case "shrink_folio_list": {
      const why = { pinned: "it may be pinned", referenced: "somebody refers to it" }[reason.by];
      return `shrink_folio_list: keep pfn ${reason.pfn}: ${why}`;
    }
    case "write_protect_page": {
      const { pfn, refcount, mapcount } = reason;
      return `write_protect_page: leave pfn ${pfn}: refcount ${refcount}, mapcount ${mapcount}`;
    }
  }
}

/**
 * What a path saw.
 *
 * @param trace of the machine, from its beginning: whoever holds a lock is named by the operation there
 */
export function sightText(sight: Sight, trace: readonly Event[]): string {
  switch (sight.at) {
    case "mmap_lock": {
      const holders = sight.holders.map((index) => {
        const op = trace[index];
        return op?.type === "op" ? operationText(op) : "nobody";
      });
      return `waits for mmap_lock of mm ${sight.mm}, held for ${sight.mode} by ${
        holders.join(" and ")
      }`;
    }
    case "copy_present_pte":
      return `copy_present_pte: may share pfn ${sight.pfn}: ${countsText(sight.counts)}`;
    case "try_to_unmap_one":
      return `try_to_unmap_one: pfn ${sight.pfn} ${sight.pinned ? "may be" : "is not"} pinned`;
    case "gup_fast": {
      const seen = {
        even: "is even",
        odd: "is odd, fork is at work: no",
        changed: "has changed, fork was at work: give all back",
      }[sight.writeProtectSeq];
      return `gup_fast: write_protect_seq ${seen}`;
    }
    case "gup_fast_pte_range":
      return `gup_fast: ${entryText(sight)}`;
  }
}

function entryText(sight: Extract<Sight, { at: "gup_fast_pte_range" }>): string {
  switch (sight.entry) {
    case "refuses":
      return "the entry does not allow it: no";
    case "allows":
      return `the entry says pfn ${sight.pfn}, ${sight.writable ? "writable" : "read-only"}`;
    case "freed":
      return `pfn ${sight.pfn} was freed: no`;
    case "same":
      return "the entry has not changed";
    case "changed":
      return "the entry has changed: give it back";
    case "shared":
      return `pfn ${sight.pfn} must be exclusive first: give it back`;
  }
}

function countsText({ refcount, mapcount, anonExclusive }: Counts): string {
  return `refcount ${refcount}, mapcount ${mapcount}${anonExclusive ? ", exclusive" : ""}`;
}
