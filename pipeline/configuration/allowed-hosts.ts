import { UserError } from "../errors/errors.ts";

/** A parsed entry of a channel's `allowedHosts`. */
export interface AllowedHost {
  /** Lower case, ASCII, without a trailing dot. */
  readonly hostname: string;
  /** Whether the hosts below `hostname` are allowed, instead of itself. */
  readonly isWildcard: boolean;
  /** Absent: every port. */
  readonly port?: number;
}

const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
const removeTrailingDot = (hostname: string): string => hostname.replace(/\.$/, "");
const isIpAddress = (hostname: string): boolean => hostname.startsWith("[") || /^[\d.]+$/.test(hostname);

/**
 * Parses an entry of a channel's `allowedHosts`: `HOST` or `*.HOST`, with or without `:PORT`. International names and
 * every form of an IP address become what the URL parser makes of them.
 *
 * @throws UserError if the entry is not valid
 */
export const parseAllowedHost = (entry: string): AllowedHost => {
  const createError = (reason: string): UserError =>
    new UserError(
      `The allowed host ${JSON.stringify(entry)} ${reason}. Examples: cdn.example.com, *.example.com, cdn.example.com:8443, [2001:db8::1].`,
    );
  const [, wildcard, host = "", port] =
    /^(\*\.)?(\[[\da-f:.]+\]|[^\s/?#@\\%*:[\]]+)(?::(\d{1,5}))?$/i.exec(entry) ?? [];
  const url = `http://${host}`;
  if (host === "" || !URL.canParse(url)) throw createError("is not a host name");
  const hostname = removeTrailingDot(new URL(url).hostname);
  const isWildcard = wildcard !== undefined;
  if (isWildcard && isIpAddress(hostname)) throw createError("has a wildcard before an IP address");
  if (isWildcard && !hostname.includes(".") && hostname !== "localhost")
    throw createError("allows every host of a top-level domain");
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    throw createError("has a port that is not between 1 and 65535");
  return { hostname, isWildcard, port: port === undefined ? undefined : Number(port) };
};

/**
 * Creates the predicate of the URLs that a channel may read, by host and port: every port of the manifest's host, and
 * the entries of `allowedHosts`.
 *
 * @throws UserError if an entry is not valid
 */
export const createHostFilter = (
  manifestUrl: URL,
  allowedHosts: readonly string[],
): ((url: URL) => boolean) => {
  const allowed: readonly AllowedHost[] = [
    { hostname: removeTrailingDot(manifestUrl.hostname), isWildcard: false },
    ...allowedHosts.map(parseAllowedHost),
  ];
  return (url) => {
    const hostname = removeTrailingDot(url.hostname);
    const port = url.port === "" ? defaultPorts[url.protocol] : Number(url.port);
    return allowed.some(
      (entry) =>
        (entry.isWildcard ? hostname.endsWith(`.${entry.hostname}`) : hostname === entry.hostname) &&
        (entry.port === undefined || entry.port === port),
    );
  };
};
