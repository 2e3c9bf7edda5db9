// How a child reports, one mechanism for chapters, katas, tests and mutants: lines of standard output behind a mark that
// is drawn anew for each run and that no other code in the child can read.

/**
 * Makes what reports. To be made before other code runs: it takes what it needs now, and writes past `console`, which a
 * program can indent and replace. All of a line is written, however much a pipe takes at a time.
 */
export function reporter<Report>(mark: string): (report: Report) => void {
  const { stringify } = JSON, encoder = new TextEncoder();
  const encode = encoder.encode.bind(encoder), write = Deno.stdout.writeSync.bind(Deno.stdout);
  const start = encode(`\n${mark} `);
  return (report) => {
    write(start); // by itself: what follows goes through methods that a program can replace
    let bytes = encode(`${stringify(report)}\n`);
    while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
  };
}

/** The report that a line is; undefined for a line of anybody else's. */
export function reportIn<Report>(line: string, mark: string): Report | undefined {
  return line.startsWith(`${mark} `) ? JSON.parse(line.slice(mark.length + 1)) : undefined;
}
