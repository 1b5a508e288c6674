declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** Folder of the database; absent: in memory. */
    readonly path?: string;
    /** Milliseconds a table stays in CREATING, UPDATING and DELETING. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }
  export default function dynalite(options?: Options): Server;
}
