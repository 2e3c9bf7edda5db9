/**
 * The pages that shared mappings show. Models what mm/filemap.c and mm/shmem.c do for them.
 * Left out: the disk behind a file, writeback, read-ahead: a file is in the page cache from the beginning, and what
 * reclaim put out of it comes back with the next fault.
 *
 * @module
 */

import type { Machine } from "../machine.ts";
import type { Frame, MemoryObject, ObjectId } from "../state.ts";
import { alloc_page } from "./page.ts";

/** Makes an object: shared memory, which grows as it is touched; a file's or a device's pages are there at once. */
export function newObject(m: Machine, kind: MemoryObject["kind"], pages: number): ObjectId {
  const id = m.state.nextId;
  m.emit({ type: "object", id, kind });
  if (kind === "shmem") return id;
  for (let index = 0; index < pages; index++) addPage(m, id, index);
  return id;
}

/** The page of an object at `index`. Undefined: it has no such page. */
export function find_or_create_page(m: Machine, id: ObjectId, index: number): Frame | undefined {
  const object = m.state.objects.get(id)!;
  const pfn = object.pages.get(index);
  if (pfn !== undefined) return m.page(pfn);
  const exists = object.kind === "shmem" || object.absent.has(index);
  return exists ? addPage(m, id, index) : undefined;
}

/** A new page, or one that was put out. The page cache refers to the page from now on: one reference, no mapping. */
function addPage(m: Machine, id: ObjectId, index: number): Frame {
  const page = alloc_page(m);
  m.emit({ type: "object_page", id, index, pfn: page.pfn });
  return page;
}
