// How a child reports: lines of standard output behind a mark that nobody else knows. Written past `console`, which a
// program can indent and replace.

/** Makes what writes a line, all of it, however much a pipe takes at a time. To be made before other code runs. */
export function lineWriter(): (line: string) => void {
  const write = Deno.stdout.writeSync.bind(Deno.stdout), encoder = new TextEncoder();
  const encode = encoder.encode.bind(encoder);
  return (line) => {
    for (let bytes = encode(`${line}\n`); bytes.length > 0;) bytes = bytes.subarray(write(bytes));
  };
}
