import { createHash } from "node:crypto";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import { buildClipKey } from "../../pipeline/highlights/clip-name.ts";
import type { Clipper, ClipRequest } from "../../pipeline/highlights/clipper.ts";
import { formatTime } from "../../pipeline/highlights/format-time.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { createAddressGuard } from "./address-guard.ts";

/** The settings of AWS Elemental Delta in a channel. */
export type ElementalDelta = Exclude<ChannelSettings["clipper"], "worker">["elementalDelta"];

/** Options of `createElementalDeltaClipper`. */
export interface ElementalDeltaClipperOptions {
  readonly settings: Omit<ElementalDelta, "secret">;
  /** Distinguishes the clips of this stage from those of others, e.g. `reelway-prod`. */
  readonly labelPrefix: string;
  /** Reads the API key of the user. @throws StoreFailure */
  readonly readKey: (signal?: AbortSignal) => Promise<string>;
  /** Whether a connection to an IP address is allowed. */
  readonly isAllowedAddress: (address: string) => boolean;
  readonly clock: Clock;
  /** Milliseconds from the start of a request to the end of its response. @default 15,000 */
  readonly timeoutMs?: number;
}

/** A signature is valid for this long. */
const signatureSeconds = 60;
/** Statuses after which a repetition may succeed, besides those from 500 on. */
const retryableStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429]);
/** Statuses of a configuration that an operator must correct, and how. */
const corrections: ReadonlyMap<number, string> = new Map([
  [401, "Check the user, and the key in its secret."],
  [403, "Check the user, the key in its secret, and the permissions of the user."],
  [404, "Check endpoint and contentId of the channel's clipper."],
]);

const computeMd5 = (text: string): string => createHash("md5").update(text).digest("hex");

/**
 * Builds the headers that authenticate a request.
 *
 * @param path of the URL, without its leading `/api`
 * @param expires epoch seconds
 */
export const signDeltaRequest = (
  path: string,
  user: string,
  key: string,
  expires: number,
): Readonly<Record<string, string>> => ({
  "X-Auth-User": user,
  "X-Auth-Expires": String(expires),
  "X-Auth-Key": computeMd5(`${key}${computeMd5(`${path}${user}${key}${expires}`)}`),
});

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Builds the document that adds a live-to-VOD filter to a content, packaged as HLS and MP4. */
const buildFilterDocument = (request: ClipRequest, filterLabel: string): string => {
  const label = escapeXml(filterLabel);
  const buildFilter = (type: string, suffix: string, content = ""): string =>
    `<filter><filter_type>${type}</filter_type><label>${label}${suffix}</label>${content}</filter>`;
  return `<?xml version="1.0" encoding="UTF-8"?><content><filters>${buildFilter(
    "live_to_vod",
    "",
    `<start_time>${formatTime(request.startTime)}</start_time><end_time>${formatTime(request.endTime)}</end_time><filters>${buildFilter("hls_package", "-hls")}${buildFilter("mp4_package", "-mp4")}</filters>`,
  )}</filters></content>`;
};

/** Whether a response contains a text. The list of a server with many clips is long, and is not kept. */
const containsText = async (response: IncomingMessage, searched: string): Promise<boolean> => {
  let tail = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const part = tail + String(chunk);
    if (part.includes(searched)) return true;
    tail = part.slice(-(searched.length - 1));
  }
  return false;
};

/**
 * Creates the clipper that asks AWS Elemental Delta for clips, by its Live-to-VOD API: a filter of the channel's content
 * for each clip. A clip whose filter exists is not requested again. It begins and ends by the clock of the channel, at
 * segments of Delta's own; the archive is not read.
 */
export const createElementalDeltaClipper = (options: ElementalDeltaClipperOptions): Clipper => {
  const { settings, labelPrefix, readKey, clock, timeoutMs = 15_000 } = options;
  const endpoint = settings.endpoint.replace(/\/+$/, "");
  const guard = createAddressGuard({
    isAllowedAddress: options.isAllowedAddress,
    createRefusal: (hostname, address) =>
      new StoreFailure(
        "denied",
        `The host ${hostname} of AWS Elemental Delta has the address ${address}, which is not a public address. Correct the endpoint or the DNS record.`,
      ),
  });

  /**
   * Sends a request. Redirects are not followed.
   *
   * @param read what is needed of the response's body
   * @throws StoreFailure `transient` if there is no whole response; the signal's reason if it is aborted
   */
  const send = async <T>(
    method: "GET" | "PUT",
    path: string,
    read: (response: IncomingMessage) => Promise<T>,
    { body, signal }: { readonly body?: string; readonly signal: AbortSignal | undefined },
  ): Promise<{ readonly status: number; readonly result: T }> => {
    signal?.throwIfAborted();
    const url = new URL(`${endpoint}/api${path}`);
    guard.assertAllowedHost(url.hostname);
    const key = await readKey(signal);
    const expires = Math.floor(clock.now().getTime() / 1000) + signatureSeconds;
    const headers = {
      ...signDeltaRequest(url.pathname.replace(/^\/api(?=\/)/, ""), settings.user, key, expires),
      Accept: "application/xml",
      ...(body === undefined
        ? {}
        : { "Content-Type": "application/xml", "Content-Length": String(Buffer.byteLength(body)) }),
    };
    const requestSignal = AbortSignal.any([
      AbortSignal.timeout(timeoutMs),
      ...(signal === undefined ? [] : [signal]),
    ]);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = (url.protocol === "http:" ? requestHttp : requestHttps)(
          url,
          { method, agent: false, lookup: guard.lookup, headers, signal: requestSignal },
          resolve,
        );
        request.on("error", reject);
        request.end(body);
      });
      try {
        return { status: response.statusCode ?? 0, result: await read(response) };
      } finally {
        response.destroy();
      }
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof StoreFailure) throw cause;
      throw new StoreFailure(
        "transient",
        `AWS Elemental Delta did not respond to ${method} ${url.pathname}: ${String(cause)}`,
        cause,
      );
    }
  };

  /**
   * Checks the status of a response.
   *
   * @returns why Delta will never accept the request; undefined if it has
   * @throws StoreFailure `transient` if a repetition may succeed, `denied` or `invalid` if the configuration is wrong
   */
  const findRefusal = (operation: string, status: number): string | undefined => {
    if (status >= 200 && status < 300) return undefined;
    const reason = `AWS Elemental Delta answered ${operation} with status ${status}.`;
    if (status >= 500 || retryableStatuses.has(status)) throw new StoreFailure("transient", reason);
    const correction =
      corrections.get(status) ?? (status < 400 ? "Check the endpoint of the channel's clipper." : undefined);
    if (correction !== undefined)
      throw new StoreFailure(
        status === 401 || status === 403 ? "denied" : "invalid",
        `${reason} ${correction}`,
      );
    return reason;
  };

  return {
    async createClip(request, signal) {
      if (!(request.endTime > request.startTime))
        return { kind: "refused", reason: `Clip ${request.clipId} ends before it begins.` };
      // The same for each request of the clip.
      const label = `${labelPrefix}-${request.channel}-${buildClipKey(request)}`;
      const listing = await send(
        "GET",
        "/contents",
        (response) => containsText(response, `<label>${escapeXml(label)}</label>`),
        { signal },
      );
      const listRefusal = findRefusal("the list of its contents", listing.status);
      if (listRefusal !== undefined)
        throw new StoreFailure("invalid", `${listRefusal} Check the endpoint of the channel's clipper.`);
      if (listing.result) return { kind: "accepted" };
      const path = `/contents/${encodeURIComponent(settings.contentId)}`;
      const { status } = await send("PUT", path, async (response) => void response.resume(), {
        body: buildFilterDocument(request, label),
        signal,
      });
      const refusal = findRefusal(`the request for clip ${request.clipId}`, status);
      return refusal === undefined ? { kind: "accepted" } : { kind: "refused", reason: refusal };
    },
  };
};
