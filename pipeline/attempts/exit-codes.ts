/** The worker's exit codes (docs/architecture.md, "Contracts"; the numbers are sysexits.h's). */
export const exitCodes = {
  /** Done, or no longer wanted. */
  ok: 0,
  /** EX_USAGE: the specification cannot be worked; never retried without `--force`. */
  badSpecification: 64,
  /** EX_DATAERR: the media cannot be worked; never retried without `--force`. */
  badMedia: 65,
  /** EX_TEMPFAIL: another attempt may succeed. */
  temporary: 75,
} as const;
