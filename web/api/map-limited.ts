import pLimit from "p-limit";

/** Requests at the same time for many videos. */
const requestConcurrency = 4;

/** Runs an operation for each item, a few at a time. */
export const mapLimited = <Item, Result>(
  items: readonly Item[],
  operation: (item: Item) => Promise<Result>,
): Promise<Result[]> => pLimit(requestConcurrency).map(items, operation);
