/** Counts events by key in fixed windows. All instances of a function share the counts. */
export interface RateLimiter {
  /**
   * Counts one event, unless the limit of the current window is reached.
   *
   * @param key e.g. a hash of the client's address
   * @returns 0 if the event is counted, else the seconds until the next window
   */
  take(key: string, limit: number, windowSeconds: number): Promise<number>;
}
