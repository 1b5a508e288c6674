import type { Iterator, Store } from "dynalite/db/index.js";

/** Adds `return`, which closes the iterator, as in JavaScript's own iterators. */
const withReturn = (iterator: Iterator): Iterator =>
  Object.assign(iterator, { return: () => iterator.close() });

/**
 * Makes a store close its iterators after each read. Dynalite 4.0.0 calls the iterator's `return`, which LevelDB's
 * iterators do not have: every Query would leak its iterator, with memory and replaced files, until the process exits.
 */
export const closeIterators = (store: Store): Store => {
  const { db } = store;
  const keys = db.keys.bind(db);
  const values = db.values.bind(db);
  db.keys = (range) => withReturn(keys(range));
  db.values = (range) => withReturn(values(range));
  return store;
};
