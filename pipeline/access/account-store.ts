import type { Accounts } from "./accounts.ts";

/** The stored accounts. */
export interface AccountStore {
  /** Returns new, empty accounts if none are stored. @throws StoreFailure `invalid` */
  read(): Promise<Accounts>;
  /** Changes the accounts. Concurrent changes are applied one after the other. @throws what `change` throws */
  update(change: (accounts: Accounts) => Accounts | Promise<Accounts>): Promise<void>;
}
