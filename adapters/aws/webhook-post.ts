import type { lookup as lookupAddress } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { type PostWebhook, RefusedAddressError } from "../../pipeline/webhooks/deliver.ts";
import { createAddressGuard } from "./address-guard.ts";

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

/** Creates the client that posts webhooks. It follows no redirect and opens a connection per request. */
export const createWebhookPost = ({
  isAllowedAddress,
  timeoutMs = 15_000,
  lookup,
  signal,
}: WebhookPostOptions): PostWebhook => {
  const guard = createAddressGuard({
    isAllowedAddress,
    createRefusal: (hostname, address) =>
      new RefusedAddressError(
        `The host ${hostname} has the address ${address}, which is not a public address. Correct the webhook's URL or the DNS record.`,
      ),
    lookup,
  });
  return async (url, headers, body) => {
    const { protocol, hostname } = new URL(url);
    guard.assertAllowedHost(hostname);
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
          lookup: guard.lookup,
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
