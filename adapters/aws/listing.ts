import type { Item } from "./item.ts";
import { type ItemStore, maxBatchKeys } from "./item-store.ts";

/** Collects values into lists of a length. */
async function* inBatches<Value>(
  source: AsyncIterable<Value>,
  size: number,
): AsyncGenerator<readonly Value[]> {
  let batch: Value[] = [];
  for await (const value of source) {
    batch.push(value);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Attributes of an entry with keys only: the table's key, and the index's hash key and range key. */
const maxKeyAttributes = 3;
const isWhole = (entry: Item): boolean => Object.keys(entry).length > maxKeyAttributes;

/**
 * Reads the items of entries of an index with keys only, in their order. They can be newer than the entries: the caller
 * omits those that do not belong to the list any more. Deleted ones are omitted here. The indexes of one machine contain
 * the whole items, which are returned as they are.
 */
export const readListedItems = async (
  items: ItemStore,
  entries: readonly Item[],
): Promise<readonly Item[]> => {
  if (entries.every(isWhole)) return entries;
  const itemsById = await items.batchGet(entries.map(({ id }) => String(id)));
  return entries.map(({ id }) => itemsById.get(String(id))).filter((item) => item !== undefined);
};

/**
 * Yields the items of all entries of an index like `readListedItems`, in batches.
 *
 * @param batchSize number of items that are read at once, although the caller may need fewer
 */
export async function* readAllListedItems(
  items: ItemStore,
  entries: AsyncIterable<Item>,
  batchSize = maxBatchKeys,
): AsyncGenerator<readonly Item[]> {
  for await (const batch of inBatches(entries, batchSize)) yield await readListedItems(items, batch);
}
