// `deno task site`: the course as a folder of files that any web server, or none, can show.

import { dirname, fromFileUrl, relative, resolve } from "@std/path";
import { readArguments } from "./tool/args.ts";
import { fromHere } from "./tool/here.ts";
import { ownFolder, unlessMissing } from "./tool/files.ts";
import { main, Problem } from "./tool/problem.ts";
import { complain, say, setUpColors } from "./tool/terminal.ts";
import { build } from "./site/build.ts";
import { realPath, sweepSite, writeSite } from "./site/folder.ts";

const HELP = `deno task site              the course as a static site, in _site
deno task site --out DIR    in another folder, which is replaced as a whole
  --repo ADDRESS            what the pages say that people clone; without it they name no address

It works under any address, and from a disk without a server.`;

await main(async () => {
  setUpColors();
  const options = readArguments(Deno.args, {
    ...{ task: "site", help: HELP, words: 0 },
    values: ["out", "repo"],
  });
  if (!options) return;
  const repo = repository(options.repo);
  if (options.out === undefined) {
    if ((await unlessMissing(Deno.lstat("_site")))?.isSymlink) {
      const remedy = "Name the folder that it leads to: deno task site --out DIR";
      throw new Problem("this is a link", { path: "_site", remedy });
    }
    await ownFolder(".woven");
    return await make(resolve("_site"), repo, resolve(".woven"));
  }
  const named = fromHere(options.out);
  const out = may(named) ? await realPath(named) : named;
  return may(out) ? await make(out, repo) : await again(out, repo);
});

/** An address that git clones from, and that a shell reads as one word: readers will paste it. */
function repository(address: string | undefined): string | undefined {
  if (address === undefined || /^(?:https?:\/\/|ssh:\/\/|git@)[\w.~:/@%+-]+$/.test(address)) {
    return address;
  }
  throw new Problem(`--repo ${address}: this is no address to clone from`, {
    remedy: "Such as --repo https://example.org/team/pinned.git",
  });
}

/** Builds the site into a folder, by way of another one. */
async function make(out: string, repo?: string, workshop?: string): Promise<number> {
  await sweepSite(out, workshop);
  const { files, problems } = await build({ live: false, repo });
  if (problems.length > 0) {
    complain(...problems.map(String));
    return 1;
  }
  await writeSite(files, out, workshop);
  const bytes = [...files.values()].reduce(
    (sum, text) => sum + new TextEncoder().encode(text).length,
    0,
  );
  const shown = relative(fromHere("."), out) || ".";
  say(
    `${shown}: ${files.size} files, ${Math.ceil(bytes / 1000)} kB. Open ${shown}/index.html.`,
  );
  return 0;
}

/** Whether a folder may be replaced: that takes the one that it is in. */
function may(out: string): boolean {
  const path = dirname(out);
  return (["read", "write"] as const).every((name) =>
    Deno.permissions.querySync({ name, path }).state === "granted"
  );
}

/** Starts over with the permission for the folder that was named: without `--out` the task writes to `_site` alone. */
async function again(out: string, repo?: string): Promise<number> {
  const folder = dirname(out);
  if (folder.includes(",")) {
    const remedy = "Deno's permissions are a list with commas between: name another folder";
    throw new Problem("a comma stands in the path of this folder", { path: out, remedy });
  }
  const flags = [
    ...["--quiet", "--no-prompt", "--allow-run=deno,git,sh", "--allow-env=LOG,INIT_CWD,COLUMNS"],
    ...[`--allow-read=.,${folder}`, `--allow-write=.woven,${folder}`],
  ];
  const args = ["run", ...flags, fromFileUrl(import.meta.url), "--out", out];
  if (repo !== undefined) args.push("--repo", repo);
  return (await new Deno.Command("deno", { args }).spawn().status).code;
}
