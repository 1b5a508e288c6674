import { lookup as lookupAddress } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type PostWebhook, RefusedAddressError } from "../../pipeline/webhooks/deliver.ts";

/** Options of `createWebhookPost`. */
export interface WebhookPostOptions {
  /** Whether a connection to an IP address is allowed. */
  readonly isAllowedAddress: (address: string) => boolean;
  /** Milliseconds from the start of the request to the end of the response. @default 15,000 */
  readonly timeoutMs?: number;
  /** Resolves host names. @default the system's resolver */
  readonly lookup?: typeof lookupAddress;
  /** Aborts all requests. @default none */
  readonly signal?: AbortSignal;
}

/** Bytes of a response that are read; its content is not used. */
const maxResponseBytes = 65_536;

const assertAllowed = (
  hostname: string,
  addresses: readonly string[],
  isAllowed: (address: string) => boolean,
): void => {
  const refused = addresses.find((address) => !isAllowed(address));
  if (refused !== undefined)
    throw new RefusedAddressError(
      `The host ${hostname} has the address ${refused}, which is not a public address. Correct the webhook's URL or the DNS record.`,
    );
};

/**
 * Resolves a host name once and returns its addresses only if all are allowed. The socket connects to one of them, so a
 * second answer of the DNS server cannot lead elsewhere.
 */
const createGuardedLookup =
  (lookup: typeof lookupAddress, isAllowed: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined)
        return callback(error ?? new Error(`The host ${hostname} has no address.`), "");
      try {
        assertAllowed(
          hostname,
          addresses.map(({ address }) => address),
          isAllowed,
        );
      } catch (cause) {
        return callback(cause instanceof Error ? cause : new Error(String(cause)), "");
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** Creates the client that posts webhooks. It follows no redirect and opens a connection per request. */
export const createWebhookPost = ({
  isAllowedAddress,
  timeoutMs = 15_000,
  lookup = lookupAddress,
  signal,
}: WebhookPostOptions): PostWebhook => {
  const guardedLookup = createGuardedLookup(lookup, isAllowedAddress);
  return async (url, headers, body) => {
    const { protocol, hostname } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, "");
    // An IP address is not looked up.
    if (isIP(host) !== 0) assertAllowed(hostname, [host], isAllowedAddress);
    const timeout = AbortSignal.timeout(timeoutMs);
    return new Promise<number>((resolve, reject) => {
      let status: number | undefined;
      const complete = (cause: unknown): void => {
        if (status !== undefined) resolve(status);
        else if (timeout.aborted)
          reject(new Error(`The endpoint did not respond within ${timeoutMs / 1000} s.`));
        else reject(cause);
      };
      const request = (protocol === "http:" ? requestHttp : requestHttps)(
        url,
        {
          method: "POST",
          agent: false,
          lookup: guardedLookup,
          signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
          headers: {
            ...headers,
            "content-length": Buffer.byteLength(body),
            "user-agent": "reelway-webhooks",
          },
        },
        (response) => {
          status = response.statusCode;
          let receivedBytes = 0;
          response.on("data", (chunk: Buffer) => {
            receivedBytes += chunk.length;
            if (receivedBytes > maxResponseBytes) response.destroy();
          });
          response.on("error", complete);
          response.on("close", () => complete(new Error("The response has no status.")));
        },
      );
      request.on("error", complete);
      // Also after 101 (Switching Protocols), which has no response event.
      request.on("close", () =>
        complete(new Error("The endpoint closed the connection without a response.")),
      );
      request.end(body);
    });
  };
};
