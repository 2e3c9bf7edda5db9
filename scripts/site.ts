// `deno task site`: the course as a folder of files that any web server, or none, can show.

import { relative, resolve } from "@std/path";
import { readArguments } from "./tool/args.ts";
import { fromHere } from "./tool/here.ts";
import { main } from "./tool/problem.ts";
import { complain, say, setUpColors } from "./tool/terminal.ts";
import { build } from "./site/build.ts";
import { writeSite } from "./site/folder.ts";

const HELP = `deno task site              the course as a static site, in _site
deno task site --out DIR    in another folder, which is replaced as a whole

It works under any address, and from a disk without a server.`;

await main(async () => {
  setUpColors();
  const options = readArguments(Deno.args, { task: "site", help: HELP, values: ["out"], words: 0 });
  if (!options) return;
  const out = options.out === undefined ? resolve("_site") : fromHere(options.out);
  const { files, problems } = await build({ live: false });
  if (problems.length > 0) {
    complain(...problems.map(String));
    return 1;
  }
  await writeSite(files, out);
  const bytes = [...files.values()].reduce(
    (sum, text) => sum + new TextEncoder().encode(text).length,
    0,
  );
  const shown = relative(fromHere("."), out) || ".";
  say(
    `${shown}: ${files.size} files, ${Math.ceil(bytes / 1000)} kB. Open ${shown}/index.html.`,
  );
});
