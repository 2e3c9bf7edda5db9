import type { Frame } from "sim";

/**
 * May the process that writes keep this write-protected frame? If not, the
 * kernel gives it a copy, and everybody else keeps the frame.
 */
export function wpCanReuse(_page: Frame): boolean {
  // TODO: let the last process that maps the frame keep it.
  // So far every write is copied.
  return false;
}
