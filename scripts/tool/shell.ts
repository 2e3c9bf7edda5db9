// zx, for every program that is no sandbox: compilers, peers of the bench, other tasks. It reads the whole environment,
// so a task that can do without is not given it.

import { $, quote } from "zx";

// It looks for bash on PATH, which would take the permission to read there; these are what it would find.
$.shell = "bash";
$.prefix = "set -euo pipefail;";
$.quote = quote;

/** Runs a command to its end, whatever that is, and shows nothing of it. */
export const quietly = $({ nothrow: true, quiet: true, stdio: ["ignore", "pipe", "pipe"] });

export { $ };
