// Starts `learn` in a copy of the project, in a folder whose name has a space, and works on that copy as a reader would.

import { join } from "@std/path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { markdown } from "./notebook/testing.ts";
import { copyOfCourse, flagsOf } from "./site/testing.ts";

const top = await Deno.makeTempDir({ prefix: "learn test " });
const folder = join(top, "the project");

/** The course of this copy: what the real one is like, `site/build_test.ts` knows. */
const course: Record<string, string> = {
  "00-owners.md": `${
    markdown(`# Owners

\`\`\`ts
import { Lab } from "sim";
console.log(new Lab(kernel).trace.length);
\`\`\`
`).replace("katas: []", "katas: [last-writer]")
  }`,
};

await copyOfCourse(folder, course);

/** Takes a port that is free now, so that `learn` finds it busy. */
const busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const busyPort = (busy.addr as Deno.NetAddr).port;

const learn = new Deno.Command("deno", {
  args: [
    ...await flagsOf("learn"),
    ...["scripts/learn.ts", "--port", String(busyPort)],
  ],
  cwd: folder,
  env: { NO_COLOR: "1" },
  stdin: "null",
  stdout: "piped",
  stderr: "piped",
}).spawn();

let said = "";
(async () => {
  for await (const text of learn.stdout.pipeThrough(new TextDecoderStream())) said += text;
})();
let complained = "";
(async () => {
  for await (const text of learn.stderr.pipeThrough(new TextDecoderStream())) complained += text;
})();

/** Waits for something to become true; the runner stops a test that waits for ever. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!await what()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const root = async () => {
  await until(() => /http:\S+/.test(said));
  return `${/http:\S+/.exec(said)![0].replace("localhost", "127.0.0.1")}/`;
};
const get = async (path: string) => {
  const response = await fetch(await root() + path);
  return { status: response.status, text: await response.text() };
};

test.after(async () => {
  busy.close();
  await learn.status;
  await Deno.remove(top, { recursive: true });
});

test("a busy port is passed over, and a line says so", async () => {
  const address = await root();
  assert.match(said, `Port ${busyPort} is busy, so it is `);
  assert.not.match(address, `:${busyPort}/`);
});

test("the course is served, and nothing else of the project", async () => {
  assert.match((await get("")).text, "<h1>");
  assert.is((await get("assets/style.css")).status, 200);
  assert.is((await get("deno.json")).status, 404);
  assert.is((await get("../deno.json")).status, 404);
});

test("a saved attempt is judged at once, and stays as it is; one that is gone is none", async () => {
  const { kata: [kata] } = {
    kata: [...Deno.readDirSync(join(folder, "kata"))].filter((it) => it.isDirectory),
  };
  const slug = kata!.name.replace(/^\d+-/, "");
  assert.is(JSON.parse((await get(`verdict/${slug}`)).text).state, "none");
  const news = await fetch(`${await root()}verdict/${slug}`, {
    headers: { accept: "text/event-stream" },
  });
  let heard = "";
  (async () => {
    for await (const text of news.body!.pipeThrough(new TextDecoderStream())) heard += text;
  })().catch(() => {}); // it ends when learn does
  await until(() => heard.includes(`"none"`));
  const at = (name: string) => join(folder, "kata", kata!.name, name);
  for (const [name, state] of [["exercise.ts", "failed"], ["solution.ts", "passed"]] as const) {
    await Deno.copyFile(at(name), at("attempt.ts"));
    await until(() => heard.includes(`"state":"${state}"`));
    assert.is(JSON.parse((await get(`verdict/${slug}`)).text).state, state);
    assert.is(Deno.readTextFileSync(at("attempt.ts")), Deno.readTextFileSync(at(name)));
  }
  for (
    const [from, to, state] of [["attempt.ts", "away", "none"], ["away", "attempt.ts", "passed"]]
  ) {
    heard = "";
    await Deno.rename(at(from!), at(to!));
    await until(() => heard.includes(`"state":"${state}"`));
    assert.is(JSON.parse((await get(`verdict/${slug}`)).text).state, state);
  }
});

test("a chapter that cannot be built says where, and comes back when it is mended", async () => {
  const name = [...Deno.readDirSync(join(folder, "chapters"))].map((it) => it.name).sort()
    .find((name) => /^\d\d-.*\.md$/.test(name))!;
  const file = join(folder, "chapters", name);
  const page = `chapters/${name.slice(3, -3)}.html`;
  const good = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, `${good}\nSee [this](../sim/nowhere.ts).\n`);
  const line = good.split("\n").length + 1;
  await until(async () => (await get(page)).text.includes("cannot be built"));
  assert.match((await get(page)).text, `chapters/${name}:${line}: error: `);
  assert.match((await get("")).text, "<h1>");
  assert.match(complained, `chapters/${name}:${line}: error: `);
  await Deno.writeTextFile(file, good);
  await until(async () => !(await get(page)).text.includes("cannot be built"));
});

test("an attempt that became a folder is told of, and `learn` lives on", async () => {
  const attempt = join(folder, "kata/00-last-writer/attempt.ts");
  await Deno.remove(attempt);
  await Deno.mkdir(attempt);
  await until(async () =>
    /"broken".*this is a folder/.test((await get("verdict/last-writer")).text)
  );
  await Deno.remove(attempt);
  await until(async () => (await get("verdict/last-writer")).text.includes('"none"'));
});

test("a file of the simulator that does not parse is named at its line, and the pages stay", async () => {
  const file = join(folder, "sim/errno.ts");
  const good = await Deno.readTextFile(file);
  complained = "";
  await Deno.writeTextFile(file, `${good}\nconst = 1;\n`);
  const line = good.split("\n").length + 1;
  await until(() => complained.includes(`sim/errno.ts:${line}:7: error: `));
  assert.match((await get("")).text, "<h1>");
  complained = "";
  await Deno.writeTextFile(file, good);
  const page = await get("chapters/owners.html");
  assert.match(page.text, "<h1>A test</h1>");
});

test("a request without a possible port has no address, and ends nothing", async () => {
  const { port } = new URL(await root());
  const socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = "GET / HTTP/1.1\r\nHost: localhost:99999\r\nConnection: close\r\n\r\n";
  await socket.write(new TextEncoder().encode(request));
  assert.match(await new Response(socket.readable).text(), /^HTTP\/1.1 421 /);
});

test("Control and C end it quietly", async () => {
  complained = "";
  learn.kill("SIGINT");
  assert.is((await learn.status).code, 0);
  assert.is(complained, "");
});

test.run();
