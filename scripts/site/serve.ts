// What answers the browser while `learn` runs: the site and the verdicts, to this machine, and nothing else.

import { contentType } from "@std/media-types/content-type";
import { extname } from "@std/path";

/** Something for the pages that are open: `reload` after a build, `verdict` after a save. */
export interface News {
  event: "reload" | "verdict";
  /** The kata that a verdict is about. */
  slug?: string;
  data: unknown;
}

/** What there is to serve. */
export interface Served {
  /** The newest site; waits for the build that is under way. */
  files(): Promise<ReadonlyMap<string, string>>;
  /** The newest verdict on a learner's attempt; undefined when there is no such kata. */
  verdict(slug: string): Promise<unknown>;
  /** Calls back with what happens from now on, until the function that it returns is called. */
  listen(listener: (news: News) => void): () => void;
}

/** A page of another site, by a name that it made point here, is still not ours: only these names are. */
const names = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

const headers = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};

/** Answers one request. GET and HEAD only; only for localhost; only files that the build made, verdicts and news. */
export async function answer(request: Request, served: Served): Promise<Response> {
  const plain = (status: number, text: string, more = {}) =>
    new Response(`${text}\n`, {
      status,
      headers: { ...headers, "content-type": "text/plain; charset=utf-8", ...more },
    });
  const host = request.headers.get("host") ?? "";
  // Without a port that there can be, the request has no address.
  if (!names.test(host) || !URL.canParse(`http://${host}`)) {
    return plain(421, "This server is for localhost only.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "This server only shows things.", { allow: "GET, HEAD" });
  }
  const path = decoded(new URL(request.url).pathname);
  if (path === undefined) return plain(400, "This address cannot be read.");
  const slug = /^verdict\/([a-z0-9-]+)$/.exec(path)?.[1];
  // What starts a run or holds a connection is for our own pages, and for who types the address, and no page of another site.
  const from = request.headers.get("sec-fetch-site") ?? "none";
  if ((slug || path === "news") && from !== "same-origin" && from !== "none") {
    return plain(403, "This is for the pages of this server.");
  }
  const wantsNews = request.headers.get("accept")?.includes("text/event-stream");
  if (path === "news" || slug && wantsNews) {
    if (request.method === "HEAD") return plain(200, "");
    return new Response(news(served, slug), {
      headers: { ...headers, "content-type": "text/event-stream" },
    });
  }
  const verdict = slug && await served.verdict(slug);
  if (verdict) return plain(200, JSON.stringify(verdict), { "content-type": "application/json" });
  const name = path === "" ? "index.html" : path;
  const text = (await served.files()).get(name);
  if (text === undefined) return plain(404, `There is no page ${name} here.`);
  const type = contentType(extname(name)) ?? "application/octet-stream";
  return new Response(text, {
    headers: { ...headers, "content-type": type },
  });
}

function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname).slice(1);
  } catch {
    return undefined;
  }
}

/** A stream of server-sent events: reloads, and the verdicts of one kata, the newest first thing. */
function news(served: Served, slug: string | undefined): ReadableStream<Uint8Array> {
  let stop = () => {};
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const send = ({ event, data }: News) =>
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      stop = served.listen((item) => {
        if (item.slug === undefined || item.slug === slug) send(item);
      });
      const first = slug && await served.verdict(slug);
      if (first) send({ event: "verdict", data: first });
    },
    cancel: () => stop(),
  });
}
