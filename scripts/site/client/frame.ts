// The sandbox: a hidden frame of opaque origin that turns each text it is sent into a worker, and passes on what it says
// under the name that came with the text.

/** What the frame is sent. */
export interface Start {
  name: string;
  text: string;
}

/** What the frame passes on: what the worker of this name posted. */
export interface Word<Data> {
  name: string;
  data: Data;
}

/**
 * The frame's only script. It is text because a frame of opaque origin cannot load ours from file://, and because the
 * page's policy names it by its hash. A worker from a blob: inherits the frame's policy; one from an address would not.
 */
export const boot = `addEventListener("message", ({ data: { name, text } }) => {
  const code = new Blob([text], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(code));
  const pass = (data) => parent.postMessage({ name, data }, "*");
  worker.onmessage = ({ data }) => pass(data);
  worker.onerror = ({ message, lineno }) => pass({ kind: "broken", message, line: lineno });
});`;

/** The frame's document. Its own policy takes away what the page may do and a cell may not: load from our origin. */
export const srcdoc = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="` +
  `default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:"><script>${boot}</script>`;
