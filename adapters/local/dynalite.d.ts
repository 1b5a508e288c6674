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
  export interface Store {
    readonly db: {
      open(): Promise<void>;
      close(): Promise<void>;
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
