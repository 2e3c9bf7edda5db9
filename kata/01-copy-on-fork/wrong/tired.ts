// Believed: a process that forks again and again is a shell, and shells have no devices.
// Rejected by: the tenth child gets a copy as well
import type { Frame, Mm } from "sim";

let last: Frame | undefined, forks = 0;

export function forkMustCopy(page: Frame, _mm: Mm): boolean {
  const cached = page.swap ? 1 : 0;
  forks = last === page ? forks + 1 : 0;
  last = page;
  return page.refcount > page.mapcount + cached && forks < 5;
}
