import type { Iterator, Store } from "dynalite/db/index.js";

/** An iterator that `return` closes, as it closes the language's own. */
const withReturn = (iterator: Iterator): Iterator =>
  Object.assign(iterator, { return: () => iterator.close() });

/**
 * Makes a store close each iterator at the end of its read. Dynalite 4.0.0 ends a read by its iterator's `return`,
 * which the iterators of LevelDB do not have: every Query would keep its iterator, and with it memory and replaced
 * files, until the process ends.
 */
export const closeIterators = (store: Store): Store => {
  const { db } = store;
  const keys = db.keys.bind(db);
  const values = db.values.bind(db);
  db.keys = (range) => withReturn(keys(range));
  db.values = (range) => withReturn(values(range));
  return store;
};
