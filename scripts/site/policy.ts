// What a page, and the code that a reader runs in it, may load. One sentence of CSP, the same from http and file://.
//
// The reader's code runs in a worker, in a frame of opaque origin (client/frame.ts). Measured in Chromium, from
// http://127.0.0.1 and from file:// alike: the frame inherits this policy, the worker inherits the frame's, and fetch,
// WebSocket, importScripts, import(), eval and IndexedDB are all refused there.

import { createHash } from "node:crypto";
import { boot } from "./client/frame.ts";

/**
 * The content security policy of a page.
 *
 * The frame's script is inline, because a frame of opaque origin may not load a file from file://; so its hash is here,
 * and nothing else that is inline runs. Only a page that `learn` serves has somebody to talk to.
 */
export function policy(live: boolean): string {
  const hash = createHash("sha256").update(boot).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'self' blob: 'sha256-${hash}'`,
    "worker-src blob:",
    `connect-src ${live ? "'self'" : "'none'"}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
