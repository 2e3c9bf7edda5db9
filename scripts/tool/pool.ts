// Work that goes on at the same time, as much of it as there are processors.

import { pooledMap } from "@std/async/pool";

/** What `work` makes of each item, in order. Throws what the first that failed threw, once those under way have ended. */
export async function sideBySide<Item, Made>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  try {
    return await Array.fromAsync(pooledMap(navigator.hardwareConcurrency, items, work));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
