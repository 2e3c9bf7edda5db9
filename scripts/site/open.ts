// Opens an address in the browser, in a process of its own: it alone may run what opens things, and nothing else may.

const [command = "", address = ""] = Deno.args;
/** What a shell says of a command that it does not find. */
const MISSING = 127;

try {
  const opener = new Deno.Command(command, { args: [address], stdout: "null", stderr: "null" });
  Deno.exit((await opener.output()).code);
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  Deno.exit(MISSING);
}
