// How a child reports, one mechanism for chapters, katas, tests and mutants: lines of standard output behind a mark that
// is drawn anew for each run and that no other code in the child can read.

/**
 * Makes what reports. To be made before other code runs: it takes what it needs now, and writes past `console`, which a
 * program can indent and replace. All of a line is written, however much a pipe takes at a time.
 */
export function reporter<Report>(mark: string): (report: Report) => void {
  const encoder = new TextEncoder(), text = jsonWriter();
  const encode = encoder.encode.bind(encoder), write = Deno.stdout.writeSync.bind(Deno.stdout);
  const start = encode(`\n${mark} `);
  return (report) => {
    write(start); // by itself: what follows goes through methods that a program can replace
    let bytes = encode(`${text(report)}\n`);
    while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
  };
}

/** JSON of plain data that no `toJSON` on a prototype can change: the engine is asked for strings and numbers alone. */
function jsonWriter(): (value: unknown) => string {
  const { stringify } = JSON, { isArray } = Array, { keys } = Object;
  const text = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return stringify(value) ?? "null";
    let parts = "";
    const join = (part: string) => parts += parts === "" ? part : `,${part}`;
    if (isArray(value)) {
      for (let at = 0; at < value.length; at++) join(text(value[at]));
      return `[${parts}]`;
    }
    const names = keys(value);
    for (let at = 0; at < names.length; at++) {
      const name = names[at]!, part = (value as Record<string, unknown>)[name];
      if (part !== undefined) join(`${stringify(name)}:${text(part)}`);
    }
    return `{${parts}}`;
  };
  return text;
}

/** The report that a line is; undefined for a line of anybody else's, and for one that is cut. */
export function reportIn<Report>(line: string, mark: string): Report | undefined {
  if (!line.startsWith(`${mark} `)) return undefined;
  try {
    return JSON.parse(line.slice(mark.length + 1));
  } catch {
    return undefined;
  }
}
