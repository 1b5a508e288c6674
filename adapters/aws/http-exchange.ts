import type { IncomingMessage } from "node:http";
import { formatError } from "../../pipeline/errors/errors.ts";
import { FetchFailure, type FetchFailureKind } from "../../pipeline/highlights/channel-fetcher.ts";
import { shortenUrl } from "../../pipeline/highlights/shorten-url.ts";

/** Limit of a response's headers. */
export const maxHeaderBytes = 16_384;

/** Creates the failure of a request: `reason` ends its sentence. */
export const createFailure = (
  kind: FetchFailureKind,
  url: URL,
  reason: string,
  cause?: unknown,
): FetchFailure => new FetchFailure(kind, `Cannot fetch ${shortenUrl(url)}: ${reason}.`, { cause });

/** Returns the code of an error of Node.js. */
export const getCode = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;

/** Creates the error of a request from one of Node.js or of its signal. An AggregateError, of a host with several addresses, has no message. */
export const toFailure = (
  cause: unknown,
  url: URL,
  signal: AbortSignal,
  kind: FetchFailureKind = "connection",
): unknown => {
  if (signal.aborted) return signal.reason;
  if (cause instanceof FetchFailure) return cause;
  if (getCode(cause) === "HPE_HEADER_OVERFLOW")
    return createFailure("too-large", url, `the headers exceed the limit of ${maxHeaderBytes} bytes`, cause);
  const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return createFailure(kind, url, causes.map(formatError).join("; "), cause);
};

/** One request with its redirects: what ends it early. */
export interface Exchange {
  /** Its reason is the error of the request. */
  readonly signal: AbortSignal;
  /** Awaits data from the server. */
  awaitData<T>(url: URL, data: Promise<T>): Promise<T>;
  close(): void;
}

/** Starts the time limits of a request. The first of them that passes, or the first of `signals`, ends it. */
export const startExchange = ({
  url,
  timeoutMs,
  signals,
  idleTimeoutMs,
}: {
  readonly url: URL;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly signals: readonly AbortSignal[];
}): Exchange => {
  const controller = new AbortController();
  const fail = (failedUrl: URL, reason: string): void =>
    controller.abort(createFailure("timeout", failedUrl, reason));
  const timer = setTimeout(
    () => fail(url, `the response was not complete within ${timeoutMs / 1000} s`),
    timeoutMs,
  );
  const listeners = signals.map((signal) => ({ signal, abort: () => controller.abort(signal.reason) }));
  for (const { signal, abort } of listeners)
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    async awaitData(currentUrl, data) {
      const idleTimer = setTimeout(
        () => fail(currentUrl, `the server sent no data for ${idleTimeoutMs / 1000} s`),
        idleTimeoutMs,
      );
      try {
        return await data;
      } finally {
        clearTimeout(idleTimer);
      }
    },
    close() {
      clearTimeout(timer);
      for (const { signal, abort } of listeners) signal.removeEventListener("abort", abort);
    },
  };
};

/** Reads a body as it arrives. Breaking off leaves the response open: destroy it. */
export async function* readChunks(
  response: IncomingMessage,
  url: URL,
  exchange: Exchange,
): AsyncGenerator<Buffer> {
  const iterator: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
  for (;;) {
    // Also what has already arrived ends with the request.
    exchange.signal.throwIfAborted();
    const next = await exchange.awaitData(url, iterator.next()).catch((cause: unknown) => {
      throw exchange.signal.aborted
        ? exchange.signal.reason
        : createFailure("connection", url, "the connection was closed before the end of the response", cause);
    });
    if (next.done) return;
    yield next.value;
  }
}
