import type { Readable } from "node:stream";

/** A part of a resource, bytes. */
export interface ByteRange {
  readonly offset: number;
  /** At least 1. */
  readonly length: number;
}

/** What to read. */
export interface FetchRequest {
  /** Absolute URL, http: or https:. */
  readonly url: string;
  /** @default the whole resource */
  readonly byteRange?: ByteRange;
  /** Limit of the content, after decompression. */
  readonly maxBytes: number;
  /** Milliseconds from the start of the request to the end of the content, redirects included. */
  readonly timeoutMs: number;
  /** Whether to ask for a compressed response: for playlists. One that comes unasked is decoded too. @default false */
  readonly acceptsCompression?: boolean;
  /** Ends the request, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface FetchedResponse {
  /** The URL after redirects, without a fragment: the base of relative URLs in the content. */
  readonly finalUrl: string;
  /** 200 or 206. With either, the content is the requested part. */
  readonly status: number;
  /** As the server sent it. */
  readonly contentType?: string;
}

/** A resource in memory. */
export interface FetchedBytes extends FetchedResponse {
  readonly bytes: Uint8Array;
}

/** A resource while it arrives. */
export interface FetchedStream extends FetchedResponse {
  /** Fails like the request itself. Read it to the end or destroy it. */
  readonly stream: Readable;
}

/**
 * Reads playlists, segments and keys of one channel from the hosts that the channel allows. A request is made once; it
 * rejects with `FetchFailure`, or with the reason of its signal.
 */
export interface ChannelFetcher {
  fetchBytes(request: FetchRequest): Promise<FetchedBytes>;
  fetchStream(request: FetchRequest): Promise<FetchedStream>;
  /** Closes the connections. Requests in progress and later ones fail. */
  close(): void;
}

/**
 * Why a resource was not read:
 * - `refused-url`: not an http: or https: URL, or one with a user name or a password
 * - `refused-host`, `refused-address`: the channel does not allow the host; the host has a special address
 * - `redirects`: too many, in a loop, without a valid location, or from https: to http:
 * - `status`: neither 200 nor 206
 * - `too-large`: more than `maxBytes`, or large headers
 * - `range`: not the requested part
 * - `encoding`: an unknown or broken compression
 * - `timeout`, `connection`: no complete response in time; a failed or broken connection
 */
export type FetchFailureKind =
  | "refused-url"
  | "refused-host"
  | "refused-address"
  | "redirects"
  | "status"
  | "too-large"
  | "range"
  | "encoding"
  | "timeout"
  | "connection";

const retryableStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** A resource of a channel was not read. The message has its URL without the query, which may contain a token. */
export class FetchFailure extends Error {
  readonly kind: FetchFailureKind;
  /** HTTP status, if `kind` is `status`. */
  readonly status?: number;
  /** Whether the same request may succeed a moment later. */
  readonly retryable: boolean;

  constructor(
    kind: FetchFailureKind,
    message: string,
    { status, cause }: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = "FetchFailure";
    this.kind = kind;
    this.status = status;
    this.retryable =
      kind === "timeout" ||
      kind === "connection" ||
      (status !== undefined && retryableStatuses.includes(status));
  }
}
