import type { ResponseRecord } from "./response.ts";
import type { ResponseKey } from "./response-request.ts";

/** Which responses to list. */
export type ResponseFilter =
  | { readonly project: string; readonly step?: string }
  | { readonly mail: string }
  | { readonly ownerId: string };

/** Responses, newest first, with the cursor of the next page. */
export interface ResponsePage {
  readonly responses: readonly ResponseRecord[];
  readonly cursor?: string;
}

/** The responses of a stage. Every write is conditional. */
export interface ResponseStore {
  read(key: ResponseKey): Promise<ResponseRecord | undefined>;
  /**
   * Stores a record in place of its previous revision, or a new one with revision 1.
   *
   * @returns false if another writer was faster; read the record and decide again
   */
  write(record: ResponseRecord): Promise<boolean>;
  /** Returns false if the record does not exist. */
  remove(key: ResponseKey): Promise<boolean>;
  /** Finds a response by the key of its video without the extension. A record of the last seconds may be missing. */
  findByVideoKeyStem(stem: string): Promise<ResponseRecord | undefined>;
  /** @throws StoreFailure `invalid` if the cursor is not valid */
  list(
    filter: ResponseFilter,
    options?: { readonly limit?: number; readonly cursor?: string },
  ): Promise<ResponsePage>;
}
