/** Limits the rate of calls. All instances of all functions share a bucket. */
export interface TokenBucket {
  /**
   * Takes one token.
   *
   * @param name e.g. `run-task`
   * @returns 0 if the token is taken, else the milliseconds until the next one
   */
  take(name: string, rate: { readonly perSecond: number; readonly burst: number }): Promise<number>;
}
