import { createHash } from "node:crypto";

/** The body of a response, and its ETag. */
export interface EncodedDocument {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Changes whenever the body does. */
  readonly etag: string;
}

/** Encodes a text and computes its ETag. */
export const encodeDocument = (text: string): EncodedDocument => {
  const body = new TextEncoder().encode(text);
  return { body, etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"` };
};

/** Serializes a JSON document and computes its ETag. */
export const serializeDocument = (value: unknown): EncodedDocument => encodeDocument(JSON.stringify(value));

/** Whether a request's If-None-Match names the ETag (RFC 9110, section 13.1.2). */
export const isUnmodified = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === "*" ||
    ifNoneMatch
      .split(",")
      .map((one) => one.trim().replace(/^W\//, ""))
      .includes(etag));

const jsonHeaders = { "content-type": "application/json" };

/**
 * Creates the response of a document: 304 without a body if the client has it already.
 *
 * @param contentHeaders headers of a response with the body
 */
export const respondWithDocument = (
  { body, etag }: EncodedDocument,
  ifNoneMatch: string | undefined,
  contentHeaders: Readonly<Record<string, string>> = jsonHeaders,
): Response => {
  const headers = { etag, "cache-control": "private, no-cache" };
  return isUnmodified(ifNoneMatch, etag)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { status: 200, headers: { ...contentHeaders, ...headers } });
};
