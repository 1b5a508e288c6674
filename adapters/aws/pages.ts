import { decodeCursor, encodeCursor } from "../../pipeline/ports/page-cursor.ts";
import type { Item } from "./item.ts";

/** The `createdAtId` after which a page begins; undefined: the first page. @throws StoreFailure `invalid` */
export const decodePageCursor = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : decodeCursor(cursor);

/**
 * Returns the first `limit` items, with a cursor if more follow. The source must read one item more than the page.
 *
 * @param rangeKey attribute by which the source is ordered
 */
export const takePage = async (
  source: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  rangeKey = "createdAtId",
): Promise<{ readonly items: readonly Item[]; readonly cursor?: string }> => {
  const items: Item[] = [];
  for await (const item of source) {
    const last = items.at(-1);
    if (items.length === limit && last !== undefined)
      return { items, cursor: encodeCursor(String(last[rangeKey])) };
    items.push(item);
  }
  return { items };
};
