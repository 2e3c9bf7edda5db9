/**
 * How KSM merges pages of the same contents: the part of mm/ksm.c that asks for counts, entries and the mark. An era hands
 * it to `mm/ksm.ts`, which searches.
 *
 * @module
 */

import type { KsmKernel, KsmPage } from "./policy.ts";
import type { Frame } from "./state.ts";

/** A page is to have a frame that is merged already. Models its namesake, and `replace_page()`. */
export function try_to_merge_with_ksm_page(kernel: KsmKernel, at: KsmPage, merged: Frame): void {
  if (write_protect_page(kernel, at)) kernel.maps(at, merged);
}

/**
 * The later page becomes the merged one; if the earlier cannot follow, it is broken up again. Models
 * `try_to_merge_two_pages()`.
 */
export function try_to_merge_two_pages(kernel: KsmKernel, at: KsmPage, twin: KsmPage): void {
  if (!write_protect_page(kernel, at)) return;
  kernel.makesKsm(at);
  if (write_protect_page(kernel, twin)) kernel.maps(twin, kernel.frame(at));
  else kernel.breaks(at);
}

/**
 * Write-protects a page. Refuses when somebody refers to it beside its mappings, but asks only where the entry could have
 * been written through; and what is merged already, for which `page_address_in_vma()` finds no anon_vma, so that a merged
 * page outside the stable tree stays what it is. Models `write_protect_page()`.
 */
function write_protect_page(kernel: KsmKernel, at: KsmPage): boolean {
  const { kind, refcount, mapcount, swap, anonExclusive } = kernel.frame(at);
  const { writable, dirty } = kernel.pte(at);
  if (kind === "ksm") return false;
  if (!writable && !dirty && !anonExclusive) return true;
  if (mapcount + (swap ? 1 : 0) !== refcount) {
    kernel.leaves(at);
    return false;
  }
  if (anonExclusive) kernel.unmarks(at);
  kernel.protects(at);
  return true;
}
