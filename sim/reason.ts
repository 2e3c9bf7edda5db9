/**
 * Why the machine decides as it does, and what its paths see, as data: each under the name of the kernel's function that
 * decides or looks, with the fields that it goes by. A view has the sentences.
 *
 * @module
 */

import type { Frame, MmId, Pfn, SlotId } from "./state.ts";

/** What a decision about a frame goes by. */
export type Counts = Pick<Frame, "refcount" | "mapcount" | "anonExclusive">;

/** A decision, and what it was made from. */
export type Reason =
  /** A read of an untouched page maps the zero page. */
  | { readonly at: "do_anonymous_page" }
  /** A page comes back from the swap area; by the era's rule it is this process's alone, or not. */
  | {
    readonly at: "do_swap_page";
    readonly era: string;
    readonly slot: SlotId;
    readonly pfn: Pfn;
    readonly exclusive: boolean;
  }
  /** A frame that may never be written in place: it is no private memory, or KSM merged it. */
  | {
    readonly at: "do_wp_page";
    readonly by: "kind";
    readonly answer: "copy";
    readonly pfn: Pfn;
    readonly kind: Frame["kind"];
  }
  /** The era's rule keeps the frame for the writer, or has it copied: {@linkcode Era.wpCanReuse}. */
  | {
    readonly at: "do_wp_page";
    readonly by: "era";
    readonly answer: "reuse" | "copy";
    readonly era: string;
    readonly pfn: Pfn;
    readonly counts: Counts;
  }
  /** The entry has changed while the frame was copied: the copy, `pfn`, is dropped. */
  | { readonly at: "wp_page_copy"; readonly pfn: Pfn }
  /** fork copies a page at once, by the rule of an era or because its mapping is marked `VM_COPYONFORK`. */
  | {
    readonly at: "copy_present_page";
    readonly rule: string;
    readonly pfn: Pfn;
    readonly counts: Counts;
  }
  /** get_user_pages marks what it covers `VM_COPYONFORK`, as was proposed, under an mmap_lock held for that or not. */
  | {
    readonly at: "get_user_pages";
    readonly mmapLock: "held for read" | "held for write";
  }
  /**
   * Reclaim looks at a page that MADV_FREE gave up: it is "dirty", written since, or somebody has a "refcount" of it; or
   * nothing speaks against it, and it is dropped. Or at one to be swapped out, whose entry is emptied already: it is
   * "busy", pinned or in use again.
   */
  | {
    readonly at: "try_to_unmap_one";
    readonly answer: "keep" | "drop";
    readonly by: "dirty" | "refcount" | "lazyfree" | "busy";
    readonly pfn: Pfn;
    readonly refcount: number;
  }
  /** Reclaim leaves a page alone that it would swap out: {@linkcode Era.reclaimSkips}. */
  | {
    readonly at: "shrink_folio_list";
    readonly by: "pinned" | "referenced";
    readonly pfn: Pfn;
  }
  /** KSM leaves a page alone to which somebody refers beside its mappings. */
  | {
    readonly at: "write_protect_page";
    readonly pfn: Pfn;
    readonly refcount: number;
    readonly mapcount: number;
  };

/** What a path has seen that others may change before it acts on it. */
export type Sight =
  /** It waits for an mmap_lock, held by these operations: their events, as indices of the trace. */
  | {
    readonly at: "mmap_lock";
    readonly mm: MmId;
    readonly mode: "read" | "write";
    readonly holders: readonly number[];
  }
  /** fork finds that it may share a frame. */
  | { readonly at: "copy_present_pte"; readonly pfn: Pfn; readonly counts: Counts }
  /** Reclaim asks whether an exclusive frame may be pinned. */
  | { readonly at: "try_to_unmap_one"; readonly pfn: Pfn; readonly pinned: boolean }
  /** gup-fast reads the sequence of forks: before its pages, where "odd" ends it, and after them, where "changed" does. */
  | { readonly at: "gup_fast"; readonly writeProtectSeq: "even" | "odd" | "changed" }
  /** gup-fast's first look at an entry: it allows what is asked for and says where the page is, or it does not. */
  | { readonly at: "gup_fast_pte_range"; readonly entry: "refuses" }
  | {
    readonly at: "gup_fast_pte_range";
    readonly entry: "allows";
    readonly pfn: Pfn;
    readonly writable: boolean;
  }
  /**
   * And what comes of that frame: it is freed before it is referenced; at the second look the entry is the same or has
   * changed; or it is the same, and the frame is shared and must be exclusive first.
   */
  | {
    readonly at: "gup_fast_pte_range";
    readonly entry: "freed" | "same" | "changed" | "shared";
    readonly pfn: Pfn;
  };
