/**
 * The table of operations: all that can be asked of the machine, by processes and by the world outside.
 *
 * @module
 */

import { holders } from "./holders.ts";
import { memory } from "./memory.ts";
import { observers } from "./observers.ts";
import type { Operation } from "./operation.ts";
import { processes } from "./processes.ts";

/** Every operation, family by family: here all alike, whatever their operands and results are. */
export const operations = [memory, processes, holders, observers]
  .flatMap((family) => Object.values(family)) as readonly unknown[] as readonly Operation[];
