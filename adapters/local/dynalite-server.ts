import type { Server } from "node:http";
import dynalite, { type DynaliteOptions } from "dynalite";
import stores, { type DynaliteIterator, type DynaliteStore } from "dynalite/db/index.js";

/** An iterator that is closed by `return`, as those of the language are. */
const withReturn = (iterator: DynaliteIterator): DynaliteIterator =>
  Object.assign(iterator, { return: () => iterator.close() });

/** Makes a store close each iterator at the end of its read. */
export const closeIterators = (store: DynaliteStore): DynaliteStore => {
  const { db } = store;
  const keys = db.keys.bind(db);
  const values = db.values.bind(db);
  db.keys = (range) => withReturn(keys(range));
  db.values = (range) => withReturn(values(range));
  return store;
};

/**
 * Creates dynalite's server. Version 4.0.0 ends a read by its iterator's `return`, which the iterators of the
 * database below do not have: every Query would keep its iterator, and with it memory and replaced files, until
 * the process ends.
 */
export const createDynaliteServer = (options: DynaliteOptions): Server => {
  const { create } = stores;
  stores.create = (given) => closeIterators(create(given));
  try {
    return dynalite(options);
  } finally {
    stores.create = create;
  }
};
