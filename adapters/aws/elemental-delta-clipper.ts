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
  /** Reads the API key of the user. */
  readonly readKey: () => Promise<string>;
  /** Whether a connection to an IP address is allowed. */
  readonly isAllowedAddress: (address: string) => boolean;
  readonly clock: Clock;
  /** Milliseconds from the start of a request to the end of its response. @default 15,000 */
  readonly timeoutMs?: number;
}

/** A signature is valid for this long. */
const signatureSeconds = 60;
/** Largest response that is read. */
const maxResponseBytes = 8 * 2 ** 20;
/** Statuses after which a repetition may succeed: also those of a wrong key, which an operator corrects. */
const retryableStatuses: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429]);

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

/** Label of a clip's filter: the same for each request of the clip. */
const buildFilterLabel = (request: ClipRequest): string =>
  `reelway-${request.channel}-${buildClipKey(request)}`;

/** Builds the document that adds a live-to-VOD filter to a content, packaged as HLS and MP4. */
const buildFilterDocument = (request: ClipRequest): string => {
  const label = escapeXml(buildFilterLabel(request));
  const buildFilter = (type: string, suffix: string, content = ""): string =>
    `<filter><filter_type>${type}</filter_type><label>${label}${suffix}</label>${content}</filter>`;
  return `<?xml version="1.0" encoding="UTF-8"?><content><filters>${buildFilter(
    "live_to_vod",
    "",
    `<start_time>${formatTime(request.startTime)}</start_time><end_time>${formatTime(request.endTime)}</end_time><filters>${buildFilter("hls_package", "-hls")}${buildFilter("mp4_package", "-mp4")}</filters>`,
  )}</filters></content>`;
};

const readBody = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxResponseBytes)
      throw new Error(`the response is larger than ${maxResponseBytes / 2 ** 20} MiB`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
};

/**
 * Creates the clipper that asks AWS Elemental Delta for clips, by its Live-to-VOD API: a filter of the channel's content
 * for each clip. A clip whose filter exists is not requested again. It begins and ends by the clock of the channel, at
 * segments of Delta's own; the archive is not read.
 */
export const createElementalDeltaClipper = (options: ElementalDeltaClipperOptions): Clipper => {
  const { settings, readKey, clock, timeoutMs = 15_000 } = options;
  const endpoint = settings.endpoint.replace(/\/+$/, "");
  const guard = createAddressGuard({
    isAllowedAddress: options.isAllowedAddress,
    createRefusal: (hostname, address) =>
      new StoreFailure(
        "denied",
        `The host ${hostname} of AWS Elemental Delta has the address ${address}, which is not a public address. Correct the endpoint or the DNS record.`,
      ),
  });

  /** Sends a request. Redirects are not followed. @throws StoreFailure `transient` if there is no whole response */
  const send = async (
    method: "GET" | "PUT",
    path: string,
    body?: string,
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const url = new URL(`${endpoint}/api${path}`);
    guard.assertAllowedHost(url.hostname);
    const expires = Math.floor(clock.now().getTime() / 1000) + signatureSeconds;
    const headers = {
      ...signDeltaRequest(url.pathname.replace(/^\/api(?=\/)/, ""), settings.user, await readKey(), expires),
      Accept: "application/xml",
      ...(body === undefined
        ? {}
        : { "Content-Type": "application/xml", "Content-Length": String(Buffer.byteLength(body)) }),
    };
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = (url.protocol === "http:" ? requestHttp : requestHttps)(
          url,
          { method, agent: false, lookup: guard.lookup, headers, signal: AbortSignal.timeout(timeoutMs) },
          resolve,
        );
        request.on("error", reject);
        request.end(body);
      });
      try {
        return { status: response.statusCode ?? 0, text: await readBody(response) };
      } finally {
        response.destroy();
      }
    } catch (cause) {
      if (cause instanceof StoreFailure) throw cause;
      throw new StoreFailure(
        "transient",
        `AWS Elemental Delta did not respond to ${method} ${url.pathname}: ${String(cause)}`,
        cause,
      );
    }
  };

  /** Why Delta will never accept a request; undefined if it has. @throws StoreFailure to repeat it later */
  const findRefusal = (operation: string, status: number): string | undefined => {
    if (status >= 200 && status < 300) return undefined;
    const reason = `AWS Elemental Delta answered ${operation} with status ${status}.`;
    if (status < 400 || status >= 500 || retryableStatuses.has(status))
      throw new StoreFailure(
        "transient",
        status === 401 || status === 403 ? `${reason} Check the user and the key in its secret.` : reason,
      );
    return reason;
  };

  return {
    async createClip(request) {
      if (!(request.endTime > request.startTime))
        return { kind: "refused", reason: `Clip ${request.clipId} ends before it begins.` };
      const contents = await send("GET", "/contents");
      const listRefusal = findRefusal("the list of its contents", contents.status);
      if (listRefusal !== undefined) return { kind: "refused", reason: listRefusal };
      if (contents.text.includes(`<label>${escapeXml(buildFilterLabel(request))}</label>`))
        return { kind: "accepted" };
      const path = `/contents/${encodeURIComponent(settings.contentId)}`;
      const { status } = await send("PUT", path, buildFilterDocument(request));
      const refusal = findRefusal(`the request for clip ${request.clipId}`, status);
      return refusal === undefined ? { kind: "accepted" } : { kind: "refused", reason: refusal };
    },
  };
};
