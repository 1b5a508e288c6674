/** The worker's exit codes (docs/architecture.md, "Contracts"; the numbers are sysexits.h's). */
export const exitCodes = {
  /** Complete, canceled or claimed by another worker. */
  ok: 0,
  /** EX_USAGE: the specification is not valid; not retried without `--force`. */
  badSpecification: 64,
  /** EX_DATAERR: the media cannot be processed; not retried without `--force`. */
  badMedia: 65,
  /** EX_TEMPFAIL: another attempt may succeed. */
  temporary: 75,
} as const;
