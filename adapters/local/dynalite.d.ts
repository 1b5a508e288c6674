/** The parts of dynalite 4 below its HTTP server: the store, and the operations over it. */
declare module "dynalite/db/index.js" {
  interface StoreOptions {
    /** Folder of the database; absent: in memory. */
    readonly path?: string;
    /** Milliseconds a table stays in CREATING, UPDATING and DELETING. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }
  export interface Iterator {
    close(): Promise<void>;
  }
  export interface Store {
    readonly db: {
      open(): Promise<void>;
      close(): Promise<void>;
      put(key: string, value: unknown): Promise<void>;
      keys(range?: object): Iterator;
      values(range?: object): Iterator;
      createKeyStream(range?: object): import("node:stream").Readable;
      createValueStream(range?: object): import("node:stream").Readable;
    };
  }
  const database: { create(options?: StoreOptions): Store };
  export default database;
}
declare module "dynalite/validations/index.js" {
  import type { Store } from "dynalite/db/index.js";

  const validations: {
    checkTypes(input: unknown, types: unknown): unknown;
    /** Throws an error with `statusCode` and `body`. */
    checkValidations(input: unknown, types: unknown, custom: unknown, store: Store): void;
  };
  export default validations;
}
