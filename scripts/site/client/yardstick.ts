// A measure of time that is no clock: a worker beside the cell's does rounds of work, and tells of each. A page cannot ask
// what processor time a worker took; but where the machine is slow or busy, both get less.

/** How many rounds a cell may be silent. A quiet laptop of 2026 takes some 10 ms for each. */
export const ROUNDS = 300;

/** The worker's script. Each round is the same work, whose result is told so that no compiler leaves it out. */
export const yardstick = `let x = 1;
for (;;) {
  for (let n = 0; n < 5e6; n++) x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + n | 0;
  postMessage(x);
}`;
