// The sandbox: a hidden frame of opaque origin. It turns a text into a worker, hands words on to it, and passes on what it
// says under the name that came with the text.

/** What the frame is told: a worker to start, a word for one that runs, or with neither one to end. */
export interface Order {
  name: string;
  /** The script of a new worker; one of the same name is ended. */
  text?: string;
  word?: unknown;
}

/** What the frame passes on: what the worker of this name posted. */
export interface Word {
  name: string;
  data: unknown;
}

/**
 * The frame's only script. It is text because a frame of opaque origin cannot load ours from file://, and because the
 * page's policy names it by its hash. A worker from a blob: inherits the frame's policy; one from an address would not.
 *
 * What a cell may post is the harness's to limit. A worker that says more than a whole chapter can is ended here, before
 * the page has to hear it.
 */
export const boot = `const workers = new Map();
addEventListener("message", ({ source, data: { name, text, word } }) => {
  if (source !== parent) return;
  const old = workers.get(name);
  if (word) return old?.postMessage(word);
  old?.terminate();
  workers.delete(name);
  if (!text) return;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address);
  workers.set(name, worker);
  let left = 50_000;
  const pass = (data) => {
    if (left-- > 0) return parent.postMessage({ name, data }, "*");
    worker.terminate();
    if (left === -1) parent.postMessage({ name, data: { kind: "flood" } }, "*");
  };
  worker.onmessage = ({ data }) => pass(data);
  worker.onerror = ({ message }) => pass({ kind: "broken", message });
});`;

/** The frame's document. Its own policy takes away what the page may do and a cell may not: load from our origin. */
export const srcdoc = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="` +
  `default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:"><script>${boot}</script>`;
