/** Terms on which an attempt is followed by another. */
export interface NextAttemptOptions {
  /** A new one, where the attempt that ends shall not count. */
  readonly maxAttempts?: number;
  /** Only while the attempt has no report: who judged it without one may have been overtaken by its worker. */
  readonly unlessReported?: boolean;
}
