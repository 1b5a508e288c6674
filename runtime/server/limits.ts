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
  /** Body of a control request, bytes; an upload's body has no limit here. */
  maxControlBodyBytes: 64 * 1024,
  /** Concurrent requests that wait for a change of the job list. */
  maxWaitingRequests: 100,
  /** Longest time a request waits for a change of the job list, seconds. */
  maxWaitSeconds: 25,
} as const;
