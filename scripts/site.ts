// `deno task site`: the course as a folder of files that any web server, or none, can show.

import { parseArgs } from "@std/cli/parse-args";
import { relative, resolve } from "@std/path";
import { main, Problem } from "./tool/problem.ts";
import { build } from "./site/build.ts";
import { writeSite } from "./site/folder.ts";

const usage = `usage: deno task site [--out DIR]

Builds the course as a static site. It works under any address, and from a disk without a server.

  --out DIR   the folder to write, _site unless given; it is replaced as a whole`;

await main(async () => {
  const options = parseArgs(Deno.args, {
    boolean: ["help"],
    string: ["out"],
    unknown: (arg) => {
      throw new Problem(`site does not know ${arg}`, { remedy: usage });
    },
  });
  if (options.help) return console.log(usage);
  // Where the user stands is not where the task runs.
  const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const out = options.out ? resolve(here, String(options.out)) : resolve("_site");
  const { files, problems } = await build({ live: false });
  if (problems.length > 0) {
    for (const problem of problems) console.error(String(problem));
    return 1;
  }
  await writeSite(files, out);
  const bytes = [...files.values()].reduce(
    (sum, text) => sum + new TextEncoder().encode(text).length,
    0,
  );
  const shown = relative(here, out) || ".";
  console.log(
    `${shown}: ${files.size} files, ${Math.ceil(bytes / 1000)} kB. Open ${shown}/index.html.`,
  );
});
