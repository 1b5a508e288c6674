import type { lookup as lookupAddress } from "node:dns";
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import { createHostFilter } from "../../pipeline/configuration/allowed-hosts.ts";
import {
  type ChannelFetcher,
  type FetchedStream,
  FetchFailure,
  type FetchRequest,
} from "../../pipeline/highlights/channel-fetcher.ts";
import { shortenUrl } from "../../pipeline/highlights/shorten-url.ts";
import { createAddressGuard } from "./address-guard.ts";
import {
  createFailure,
  type Exchange,
  getCode,
  maxHeaderBytes,
  readChunks,
  startExchange,
  toFailure,
} from "./http-exchange.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";
import { selectContent } from "./response-content.ts";

/** Options of `createChannelFetcher`. */
export interface ChannelFetcherOptions {
  /** URL of the channel's manifest. Its host is allowed, with every port. */
  readonly manifestUrl: string;
  /** Further hosts: names or `*.example.com`. Without a port, every port is allowed. @default none */
  readonly allowedHosts?: readonly string[];
  /** Whether `localhost` and loopback addresses in URLs are allowed: on one machine only. @default false */
  readonly allowLoopback?: boolean;
  /** Milliseconds without data from the server after which a request fails. @default 10,000 */
  readonly idleTimeoutMs?: number;
  /** Resolves host names. @default the system's resolver */
  readonly lookup?: typeof lookupAddress;
  /** Certificates of the authorities that are trusted, PEM. @default those of Node.js */
  readonly ca?: string;
}

const maxRedirects = 5;
const redirectStatuses: readonly (number | undefined)[] = [301, 302, 303, 307, 308];
/** The body of a redirect is read up to this size, so that its connection can be used again. */
const maxRedirectBodyBytes = 65_536;
/** Free connections are closed after this time, or earlier if the server says so. */
const freeConnectionTimeoutMs = 30_000;

/** `localhost`, the names below it, and loopback addresses. A public name that resolves to loopback is none of them. */
const isLoopbackHost = (hostname: string): boolean =>
  /^(?:.+\.)?localhost\.?$/.test(hostname) || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ""));

/** Resolves the target of a redirect. Header values arrive as Latin-1; URLs are UTF-8. */
const resolveRedirect = (from: URL, location: string | undefined): URL => {
  const text = location === undefined ? "" : Buffer.from(location, "latin1").toString();
  if (text === "" || !URL.canParse(text, from.href))
    throw createFailure("redirects", from, "the server redirects without a valid location");
  const target = new URL(text, from.href);
  target.hash = "";
  if (from.protocol === "https:" && target.protocol === "http:")
    throw createFailure("redirects", from, `the server redirects from https: to ${shortenUrl(target)}`);
  return target;
};

/** Returns the target of a redirect, and leaves its connection free if the body is short. */
const readRedirect = async (response: IncomingMessage, url: URL, exchange: Exchange): Promise<URL> => {
  try {
    const target = resolveRedirect(url, response.headers.location);
    let bodyBytes = 0;
    for await (const chunk of readChunks(response, url, exchange)) {
      bodyBytes += chunk.length;
      if (bodyBytes > maxRedirectBodyBytes) break;
    }
    return target;
  } finally {
    response.destroy();
  }
};

/** Unlike `Readable.from`, closes at once when it is destroyed, also while it waits for the server. */
const createStream = (content: AsyncIterable<Buffer>, close: () => void): Readable => {
  const iterator = content[Symbol.asyncIterator]();
  return new Readable({
    async read() {
      try {
        const next = await iterator.next();
        this.push(next.done ? null : next.value);
      } catch (cause) {
        this.destroy(cause instanceof Error ? cause : new Error(String(cause)));
      }
    },
    destroy(error, callback) {
      close();
      iterator.return?.().catch(() => {});
      callback(error);
    },
  });
};

/**
 * Creates the client of one channel for one run. It keeps connections until it is closed.
 *
 * @throws UserError if an allowed host is not valid
 */
export const createChannelFetcher = (options: ChannelFetcherOptions): ChannelFetcher => {
  const { allowedHosts = [], allowLoopback = false, idleTimeoutMs = 10_000, lookup, ca } = options;
  const manifestUrl = new URL(options.manifestUrl);
  const isAllowedUrl = createHostFilter(manifestUrl, allowedHosts);
  const guard = createAddressGuard({
    isAllowedAddress: (address, hostname) =>
      isPublicAddress(address) || (allowLoopback && isLoopbackHost(hostname) && isLoopbackAddress(address)),
    createRefusal: (hostname, address) =>
      new FetchFailure(
        "refused-address",
        `The host ${hostname} has the address ${address}, which is not a public address. Correct the channel's URL or the DNS record.`,
      ),
    lookup,
  });
  // The lookup is one of the agents: every connection that they keep was made to an address that it has checked.
  const agentOptions = { keepAlive: true, timeout: freeConnectionTimeoutMs, lookup: guard.lookup };
  const agents = {
    "http:": new HttpAgent(agentOptions),
    "https:": new HttpsAgent({ ...agentOptions, ca }),
  };
  const closing = new AbortController();

  const parseUrl = (text: string): URL => {
    if (!URL.canParse(text))
      throw new FetchFailure(
        "refused-url",
        `The channel with the manifest ${shortenUrl(manifestUrl)} has a URL that is not valid.`,
      );
    const url = new URL(text);
    url.hash = "";
    return url;
  };

  const assertAllowedUrl = (url: URL): void => {
    if (url.protocol !== "http:" && url.protocol !== "https:")
      throw createFailure("refused-url", url, "only http: and https: URLs are allowed");
    if (`${url.username}${url.password}` !== "")
      throw createFailure("refused-url", url, "the URL contains a user name or a password");
    if (!isAllowedUrl(url))
      throw createFailure(
        "refused-host",
        url,
        `the channel does not allow the host ${url.host}; to allow it, add it to the channel's allowedHosts`,
      );
    guard.assertAllowedHost(url.hostname);
  };

  const send = (url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const isHttps = url.protocol === "https:";
      const request = (isHttps ? requestHttps : requestHttp)(url, {
        agent: isHttps ? agents["https:"] : agents["http:"],
        headers,
        maxHeaderSize: maxHeaderBytes,
        signal,
      });
      let hasResponse = false;
      request.on("response", (response) => {
        hasResponse = true;
        // Without a reader, an error of the body would be an uncaught exception.
        response.on("error", () => {});
        resolve(response);
      });
      request.on("error", (cause) => {
        const isClosed = ["ECONNRESET", "EPIPE"].includes(String(getCode(cause)));
        // The server had closed a free connection. The agent has removed it, so this ends with a new connection.
        if (request.reusedSocket && isClosed && !hasResponse && !signal.aborted)
          resolve(send(url, headers, signal));
        else reject(toFailure(cause, url, signal));
      });
      // Also after 101 (Switching Protocols), which has no response event.
      request.on("close", () =>
        reject(createFailure("connection", url, "the server closed the connection without a response")),
      );
      request.end();
    });

  /** Sends a request and follows its redirects, each judged like the first URL. */
  const followRedirects = async (
    { url: text, byteRange, acceptsCompression = false }: FetchRequest,
    exchange: Exchange,
  ): Promise<{ readonly response: IncomingMessage; readonly url: URL }> => {
    const headers = {
      "user-agent": "reelway-highlights",
      "accept-encoding": acceptsCompression && byteRange === undefined ? "gzip, deflate, br" : "identity",
      ...(byteRange === undefined
        ? {}
        : { range: `bytes=${byteRange.offset}-${byteRange.offset + byteRange.length - 1}` }),
    };
    const visited = new Set<string>();
    let url = parseUrl(text);
    for (;;) {
      assertAllowedUrl(url);
      visited.add(url.href);
      const response = await exchange.awaitData(url, send(url, headers, exchange.signal));
      if (!redirectStatuses.includes(response.statusCode)) return { response, url };
      const target = await readRedirect(response, url, exchange);
      if (visited.has(target.href)) throw createFailure("redirects", url, "the redirects form a loop");
      if (visited.size > maxRedirects)
        throw createFailure("redirects", url, `there are more than ${maxRedirects} redirects`);
      url = target;
    }
  };

  const open = async (request: FetchRequest, exchange: Exchange) => {
    const { response, url } = await followRedirects(request, exchange);
    try {
      const status = response.statusCode ?? 0;
      if (status !== 200 && status !== 206)
        throw new FetchFailure(
          "status",
          `Cannot fetch ${shortenUrl(url)}: the server returned status ${status}.`,
          { status },
        );
      return {
        response,
        content: selectContent(response, url, request, exchange),
        description: { finalUrl: url.href, status, contentType: response.headers["content-type"] },
      };
    } catch (cause) {
      response.destroy();
      throw cause;
    }
  };

  const fetchStream = async (request: FetchRequest): Promise<FetchedStream> => {
    const { byteRange, maxBytes, timeoutMs, signal } = request;
    const url = parseUrl(request.url);
    if (byteRange !== undefined && byteRange.length > maxBytes)
      throw createFailure(
        "too-large",
        url,
        `the requested part of ${byteRange.length} bytes exceeds the limit of ${maxBytes} bytes`,
      );
    const signals = signal === undefined ? [closing.signal] : [closing.signal, signal];
    const exchange = startExchange({ url, timeoutMs, idleTimeoutMs, signals });
    try {
      exchange.signal.throwIfAborted();
      const { response, content, description } = await open(request, exchange);
      const stream = createStream(content, () => {
        exchange.close();
        response.destroy();
      });
      return { ...description, stream };
    } catch (cause) {
      exchange.close();
      throw cause;
    }
  };

  return {
    fetchStream,
    async fetchBytes(request) {
      const { stream, ...description } = await fetchStream(request);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return { ...description, bytes: Buffer.concat(chunks) };
    },
    close() {
      closing.abort(
        new FetchFailure("connection", `The connections of ${shortenUrl(manifestUrl)} are closed.`),
      );
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
};
