/** Limits of the one-machine runtime's HTTP server. SECURITY.md lists them. */
export const serverLimits = {
  /** Concurrent connections; further ones are closed at once. */
  maxConnections: 256,
  /** Time for all headers of a request, milliseconds. */
  headersTimeoutMs: 20_000,
  /** How often Node looks for requests over that time, milliseconds. */
  checkIntervalMs: 5_000,
  /** Longest time in which a request sends, or a response's reader accepts, no byte; milliseconds. */
  stallTimeoutMs: 120_000,
  /** Concurrent requests that wait for a change of a job or of the list of jobs. */
  maxWaitingRequests: 100,
  /** Longest time a request waits for a change of the list of jobs, seconds. */
  maxWaitSeconds: 25,
  /** Interval of the comments that keep an event stream open, milliseconds. */
  heartbeatMs: 15_000,
} as const;
