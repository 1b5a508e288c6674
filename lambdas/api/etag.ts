import { createHash } from "node:crypto";

/** A JSON document as bytes. */
export interface JsonDocument {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Changes whenever the body does. */
  readonly etag: string;
}

/** Serializes a document and computes its ETag. */
export const serializeDocument = (value: unknown): JsonDocument => {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { body, etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"` };
};

/** Whether a request's If-None-Match names the ETag (RFC 9110, section 13.1.2). */
export const isUnmodified = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === "*" ||
    ifNoneMatch
      .split(",")
      .map((one) => one.trim().replace(/^W\//, ""))
      .includes(etag));

/** Creates the response of a document: 304 without a body if the client has it already. */
export const respondWithDocument = (
  { body, etag }: JsonDocument,
  ifNoneMatch: string | undefined,
): Response => {
  const headers = { etag, "cache-control": "no-cache" };
  return isUnmodified(ifNoneMatch, etag)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { status: 200, headers: { ...headers, "content-type": "application/json" } });
};
