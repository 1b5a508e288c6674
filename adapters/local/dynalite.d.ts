declare module "dynalite" {
  import type { Server } from "node:http";

  export interface DynaliteOptions {
    /** Folder of the database; absent: in memory. */
    readonly path?: string;
    /** Milliseconds a table stays in CREATING, UPDATING and DELETING. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }
  export default function dynalite(options?: DynaliteOptions): Server;
}

/** Inside of dynalite 4.0.0. */
declare module "dynalite/db/index.js" {
  import type { DynaliteOptions } from "dynalite";

  export interface DynaliteIterator {
    next(): Promise<unknown>;
    close(): Promise<void>;
  }
  export interface DynaliteStore {
    readonly db: {
      keys(range?: object): DynaliteIterator;
      values(range?: object): DynaliteIterator;
      put(key: string, value: unknown): Promise<void>;
      close(): Promise<void>;
      createKeyStream(range?: object): import("node:stream").Readable;
      createValueStream(range?: object): import("node:stream").Readable;
    };
  }
  const stores: { create(options: DynaliteOptions): DynaliteStore };
  export default stores;
}
