import type { IncomingMessage } from "node:http";
import type { ByteRange, FetchFailure, FetchRequest } from "../../pipeline/highlights/channel-fetcher.ts";
import { contentDecoders, cutBytes, limitBytes, mapError, requireLength } from "./byte-streams.ts";
import { createFailure, type Exchange, readChunks, toFailure } from "./http-exchange.ts";

/** Bytes before a part that are skipped at most, if the server ignores `Range`. */
const maxSkippedBytes = 64 * 1024 * 1024;

const getContentLength = ({ headers }: IncomingMessage): number | undefined =>
  headers["content-length"] === undefined ? undefined : Number(headers["content-length"]);

/** Parses `Content-Range: bytes FIRST-LAST/TOTAL`. */
const parseContentRange = (value: string | undefined): ByteRange | undefined => {
  const [, first, last] = /^bytes (\d{1,15})-(\d{1,15})\/(?:\d{1,15}|\*)$/i.exec(value ?? "") ?? [];
  if (first === undefined || last === undefined) return undefined;
  return { offset: Number(first), length: Number(last) - Number(first) + 1 };
};

/** Selects the content that was requested from a response's body: decoded, limited, and the part of a range. */
export const selectContent = (
  response: IncomingMessage,
  url: URL,
  { byteRange, maxBytes }: FetchRequest,
  exchange: Exchange,
): AsyncIterable<Buffer> => {
  const body = readChunks(response, url, exchange);
  const isPartial = response.statusCode === 206;
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const isEncoded = !["identity", ""].includes(encoding);
  const decode = Object.hasOwn(contentDecoders, encoding) ? contentDecoders[encoding] : undefined;
  if (isEncoded && (decode === undefined || isPartial))
    throw createFailure(
      "encoding",
      url,
      isPartial
        ? "the server compresses a part of the resource"
        : `the content encoding ${JSON.stringify(encoding.slice(0, 40))} is not supported`,
    );
  const contentLength = getContentLength(response);
  const createSizeFailure = (): FetchFailure =>
    createFailure("too-large", url, `the content exceeds the limit of ${maxBytes} bytes`);
  /** Compressed bytes are limited too: there can be many of them without any content. */
  const decodeBody = (maxEncodedBytes: number): AsyncIterable<Buffer> =>
    decode === undefined
      ? body
      : mapError(decode(limitBytes(body, maxEncodedBytes, createSizeFailure)), (cause) =>
          toFailure(cause, url, exchange.signal, "encoding"),
        );

  if (byteRange === undefined) {
    if (isPartial)
      throw createFailure(
        "range",
        url,
        "the server sent a part of the resource, although all of it was requested",
      );
    if (contentLength !== undefined && contentLength > maxBytes) throw createSizeFailure();
    return limitBytes(decodeBody(maxBytes), maxBytes, createSizeFailure);
  }

  const { offset, length } = byteRange;
  const requested = `bytes ${offset}-${offset + length - 1}`;
  const createRangeFailure = (reason: string): FetchFailure => createFailure("range", url, reason);
  const createEndFailure = (): FetchFailure =>
    createRangeFailure(`the resource ends before the end of the requested ${requested}`);
  if (isPartial) {
    const contentRange = response.headers["content-range"];
    const sent = parseContentRange(contentRange);
    if (sent?.offset !== offset || sent.length !== length)
      throw createRangeFailure(
        `the server sent ${contentRange === undefined ? "a part without Content-Range" : JSON.stringify(contentRange.slice(0, 80))} instead of the requested ${requested}`,
      );
    const createLengthFailure = (): FetchFailure =>
      createRangeFailure(`the part that the server sent has not the length of the requested ${requested}`);
    if (contentLength !== undefined && contentLength !== length) throw createLengthFailure();
    return requireLength(body, length, createLengthFailure);
  }
  if (offset > maxSkippedBytes)
    throw createRangeFailure(
      `the server ignores the requested ${requested}, and more than ${maxSkippedBytes} bytes before it are not skipped`,
    );
  if (!isEncoded && contentLength !== undefined && contentLength < offset + length) throw createEndFailure();
  return cutBytes(decodeBody(maxSkippedBytes + maxBytes), byteRange, createEndFailure);
};
