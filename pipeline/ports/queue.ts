/** A queue of JSON messages, delivered at least once, in any order. Rejects with `StoreFailure`. */
export interface Queue {
  /** @param options `delaySeconds`: at most 900; a longer delay is shortened to 900 */
  send(message: unknown, options?: { readonly delaySeconds?: number }): Promise<void>;
}
