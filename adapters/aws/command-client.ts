/**
 * Options of the AWS clients of commands: a firewall or a proxy that answers nothing ends a command within half a minute,
 * with the client's three attempts.
 */
export const commandClientOptions = {
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
