// Asks the server what it must refuse, without a port; and `learn` itself where the port is the question.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, type News, type Served } from "./serve.ts";

let listeners: ((news: News) => void)[] = [];

const served: Served = {
  files: () => Promise.resolve(new Map([["index.html", "<p>hello"], ["assets/a b.js", "1"]])),
  verdict: (slug) => Promise.resolve(slug === "last-writer" ? { slug, state: "none" } : undefined),
  listen: (listener) => {
    listeners.push(listener);
    return () => listeners = listeners.filter((one) => one !== listener);
  },
};

const ask = (path: string, host = "localhost:8000", more: RequestInit = {}) => {
  const headers = new Headers({ host, ...more.headers as Record<string, string> });
  return answer(new Request(`http://localhost:8000${path}`, { ...more, headers }), served);
};

test("the front page is served under /, with its type, and nothing is kept", async () => {
  const response = await ask("/");
  assert.is(response.status, 200);
  assert.match(response.headers.get("content-type")!, "text/html");
  assert.is(response.headers.get("cache-control"), "no-store");
  assert.is(await response.text(), "<p>hello");
  assert.is(await (await ask("/assets/a%20b.js")).text(), "1");
});

test("a name that is not this machine's is refused", async () => {
  for (
    const host of [
      "evil.example",
      "localhost.evil.example",
      "192.168.1.2:8000",
      "127.0.0.1.nip.io",
      "localhost:99999",
      "localhost:123456",
      "localhost:80@evil.example",
      "",
    ]
  ) {
    assert.is((await ask("/", host)).status, 421, host);
  }
  for (const host of ["localhost", "localhost:8001", "127.0.0.1:8000", "[::1]:8000"]) {
    assert.is((await ask("/", host)).status, 200, host);
  }
});

test("GET and HEAD are answered, and nothing else", async () => {
  assert.is((await ask("/", undefined, { method: "HEAD" })).status, 200);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const response = await ask("/", undefined, { method });
    assert.is(response.status, 405, method);
    assert.is(response.headers.get("allow"), "GET, HEAD");
  }
});

test("only files of the site are served, whatever the address says", async () => {
  for (
    const path of [
      "/deno.json",
      "/%2e%2e/deno.json",
      "/..%2fdeno.json",
      "/assets/",
      "//index.html",
      "/__proto__",
    ]
  ) {
    assert.is((await ask(path)).status, 404, path);
  }
  assert.is((await ask("/%zz")).status, 400);
});

test("a verdict is JSON, and an unknown kata has none", async () => {
  const response = await ask("/verdict/last-writer");
  assert.equal(await response.json(), { slug: "last-writer", state: "none" });
  assert.is((await ask("/verdict/nope")).status, 404);
});

test("a page of another site starts no run and hears no news, but may lead here", async () => {
  const judged: string[] = [];
  const watched = {
    ...served,
    verdict: (slug: string) => (judged.push(slug), served.verdict(slug)),
  };
  const asked = (path: string, from: string) =>
    answer(
      new Request(`http://localhost:8000${path}`, {
        headers: { host: "localhost:8000", "sec-fetch-site": from },
      }),
      watched,
    );
  for (const from of ["cross-site", "same-site", "whatever"]) {
    for (const path of ["/verdict/last-writer", "/news"]) {
      assert.is((await asked(path, from)).status, 403, `${path} ${from}`);
    }
    assert.is((await asked("/", from)).status, 200);
  }
  assert.equal(judged, []);
  for (const from of ["same-origin", "none"]) {
    assert.is((await asked("/verdict/last-writer", from)).status, 200, from);
  }
});

test("news of one kata begin with its verdict, leave out the others', and end with the reader", async () => {
  const headers = { accept: "text/event-stream" };
  const response = await ask("/verdict/last-writer", undefined, { headers });
  assert.is(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const until = async (text: string) => {
    while (!heard.includes(text)) heard += (await reader.read()).value;
  };
  await until(`event: verdict\ndata: {"slug":"last-writer","state":"none"}\n\n`);
  for (const slug of ["other", "last-writer"]) {
    listeners.forEach((tell) => tell({ event: "verdict", slug, data: `about ${slug}` }));
  }
  await until("about last-writer");
  assert.not.match(heard, "about other");
  await reader.cancel();
  assert.is(listeners.length, 0);
});

test.run();
