// The sandbox: a hidden frame of opaque origin that turns the text it is sent into a worker and passes on what it says.

/**
 * The frame's only script. It is text because a frame of opaque origin cannot load ours from file://, and because the
 * page's policy names it by its hash. A worker from a blob: inherits the frame's policy; one from an address would not.
 */
export const boot = `addEventListener("message", (event) => {
  const code = new Blob([event.data], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(code));
  worker.onmessage = (message) => parent.postMessage(message.data, "*");
  worker.onerror = ({ message, lineno }) => parent.postMessage({ kind: "broken", message, line: lineno }, "*");
}, { once: true });`;

/** The frame's document. Its own policy takes away what the page may do and a cell may not: load from our origin. */
export const srcdoc = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="` +
  `default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:"><script>${boot}</script>`;
