// What the browser tests stand on: a copy of the project with one chapter more, its site on a server and on disk, Chromium.
//
// The chapter, formats.md, holds what a chapter may hold, so that the tests do not hang on what the course says.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as assert from "uvu/assert";

// playwright looks for Windows below /proc/sys when it is loaded, which Deno allows to --allow-all only; told to test
// that look-up, it does not look.
Deno.env.set("__IS_WSL_TEST__", "1");
const { chromium } = await import("playwright-core");

/** Where all of it lies, screenshots included; the name has a space. */
export const folder = await Deno.makeTempDir({ prefix: "pinned browser " });
/** The copy of the project. */
export const project = `${folder}/the project`;

const here = new URL(".", import.meta.url);
await copy(new URL("../", here), project);
await Deno.copyFile(new URL("formats.md", here), `${project}/chapters/90-formats.md`);

/** Copies what the project is made of, and nothing that the tasks or a learner made. */
export async function copy(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (/^\.|^_site$|^attempt/.test(name)) continue;
    if (isDirectory) await copy(new URL(`${name}/`, from), `${to}/${name}`);
    else await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}

/** Builds the site of a project beside it, and returns where that is. */
export async function buildSite(project: string): Promise<string> {
  const site = `${project}, built`;
  const { success } = await new Deno.Command("deno", {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-write", "--allow-run=deno,git,sh"],
      ...["--allow-env=INIT_CWD,LOG,COLUMNS", "scripts/site.ts", "--out", site],
    ],
    cwd: project,
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
  return site;
}

/** A folder's address, as a browser opens it from disk. */
export const fileAddress = (folder: string) => `file://${encodeURI(folder)}/`;

/** Starts `learn` in a project; `stop` ends it as Control and C do. */
export async function learn(
  project: string,
  port: number,
): Promise<{ root: string; stop(): Promise<void> }> {
  const child = new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write=.woven"],
      ...["--allow-run=deno,git,sh", "--allow-net=127.0.0.1", "--allow-env=LOG,COLUMNS"],
      ...["scripts/learn.ts", "--port", String(port)],
    ],
    cwd: project,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (/http:\S+/.test(said += text)) break;
  }
  return {
    root: /http:\S+/.exec(said)![0],
    async stop() {
      child.kill("SIGINT");
      await child.status;
    },
  };
}

const site = await buildSite(project);

/** What each origin calls the site's root. */
export const origins: Record<string, string> = { "file://": fileAddress(site) };
/** The paths that the server was asked for. */
export const asked: string[] = [];
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  async (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    const types: Record<string, string> = {
      css: "text/css",
      js: "text/javascript",
      svg: "image/svg+xml",
    };
    try {
      // Under a base path, as a project's pages are.
      const file = await Deno.readFile(
        site + decodeURIComponent(pathname).replace(/^\/some\/base/, ""),
      );
      const type = types[pathname.split(".").at(-1)!] ?? "text/html; charset=utf-8";
      return new Response(file, { headers: { "content-type": type } });
    } catch {
      return new Response("not found", { status: 404 });
    }
  },
);
origins["http://127.0.0.1"] = `http://127.0.0.1:${server.addr.port}/some/base/`;

const browser = await launch();

/** Chromium, asked not to call home. */
async function launch(): Promise<Browser> {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const wish = Deno.env.get("CHROMIUM");
  for (const executablePath of wish ? [wish] : places) {
    try {
      Deno.statSync(executablePath);
    } catch {
      continue;
    }
    return await chromium.launch({
      executablePath,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }
  console.error(`error: there is no Chromium at ${wish ?? places.join(", ")}
  Install one (Debian: apt-get install chromium), or say where it is: CHROMIUM=/path/to/chromium`);
  Deno.exit(1);
}

/** Opens a page of the site, hands it over, and insists that nothing was asked of another origin or went wrong but what is `expected`. */
export async function visit(
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  expected = /^$/,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  context.setDefaultTimeout(240_000);
  const page = await context.newPage();
  const wrong: string[] = [];
  const own = address.slice(0, address.indexOf("/", "https://".length) + 1);
  const complain = (text: string) => expected.test(text) || wrong.push(text);
  page.on("request", (request) => {
    if (!request.url().startsWith(own) && !/^(?:blob|data|about):/.test(request.url())) {
      complain(`asked for ${request.url()}`);
    }
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complain(message.text());
  });
  try {
    await page.goto(address);
    await look(page);
    assert.equal(wrong, []);
  } finally {
    await context.close();
  }
}

/** Ends the browser and the server. */
export async function close(): Promise<void> {
  await browser.close();
  await server.shutdown();
}

/** Waits until the run of a cell has ended, and returns what its status says. */
export async function ended(page: Page, id: string): Promise<string> {
  const status = page.locator(`#${id} > .tools .status`);
  for (let n = 0; n < 10_000; n++) { // four minutes: a busy machine is slow, not wrong
    const text = await status.innerText();
    if (text && text !== "Running") return text;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`cell ${id} gave no status`);
}
