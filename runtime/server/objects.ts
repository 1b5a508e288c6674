import { Readable } from "node:stream";
import type { Context } from "hono";
import { versionParameter } from "../../adapters/local/source-signer.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { parseRange } from "../../pipeline/ports/range-header.ts";

/** Parses the key after a prefix of the path; undefined if it is not percent-encoded UTF-8. */
export const parseKey = (url: string, prefix: string): string | undefined => {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(prefix.length));
  } catch {
    return undefined;
  }
};

const toWebStream = (stream: Readable, context: Context): ReadableStream => {
  context.req.raw.signal.addEventListener("abort", () => stream.destroy());
  return Readable.toWeb(stream) as ReadableStream;
};

/**
 * The policy of an object that a browser opens as a page. The browser's player for audio and video reads the rest of the
 * file with further requests, which need the server's origin. Scripts never run.
 */
const contentSecurityPolicy = (contentType: string): string =>
  [
    /^(audio\/|video\/|application\/vnd\.apple\.mpegurl$)/.test(contentType)
      ? "sandbox allow-same-origin"
      : "sandbox",
    "default-src 'none'",
    "img-src 'self'",
    "media-src 'self'",
    "style-src 'unsafe-inline'",
    "frame-ancestors 'none'",
  ].join("; ");

/** What a browser does with a response that is code: an upload must never be that of this origin's pages. */
const codeDestinations: ReadonlySet<string> = new Set([
  "audioworklet",
  "paintworklet",
  "script",
  "serviceworker",
  "sharedworker",
  "style",
  "worker",
  "xslt",
]);

interface ServeObjectsOptions {
  readonly objects: Pick<ObjectStore, "head" | "read">;
  readonly bucket: string;
  /** Prefix of the URL's path, e.g. `/output/`. */
  readonly prefix: string;
  /** Whether the query can name a version. @default false */
  readonly hasVersions?: boolean;
  /** Whether the caller may read an object; for others, it does not exist. */
  readonly canRead: (context: Context, head: ObjectHead) => Promise<boolean>;
}

/**
 * Serves the objects of a bucket, with ranges and HEAD. A key names an object of the store, never a file, so no path can
 * leave the bucket. Uploads are untrusted, so none may act as a page of this server.
 */
export const serveObjects =
  ({ objects, bucket, prefix, hasVersions = false, canRead }: ServeObjectsOptions) =>
  async (context: Context): Promise<Response> => {
    if (codeDestinations.has(context.req.header("sec-fetch-dest") ?? ""))
      throw new ProblemError("forbidden-origin", "A page cannot run an upload or an output as a program.");
    const key = parseKey(context.req.url, prefix);
    const versionId = hasVersions ? context.req.query(versionParameter) : undefined;
    const head =
      key === undefined || key === ""
        ? undefined
        : await objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) });
    if (key === undefined || head === undefined || !(await canRead(context, head)))
      throw new ProblemError(
        "object-not-found",
        `Object ${key ?? "with that name"} does not exist in bucket ${bucket}.`,
      );
    const contentType = head.contentType ?? "application/octet-stream";
    const headers = {
      "accept-ranges": "bytes",
      "content-type": contentType,
      etag: head.etag,
      "last-modified": new Date(head.modifiedAt).toUTCString(),
      "cache-control": "no-cache",
      "content-security-policy": contentSecurityPolicy(contentType),
    };
    if (context.req.header("if-none-match") === head.etag)
      return new Response(null, { status: 304, headers });
    const ifRange = context.req.header("if-range");
    // Only GET has ranges (RFC 9110, section 14.2).
    const isRangeAllowed = context.req.method === "GET" && (ifRange === undefined || ifRange === head.etag);
    const range = parseRange(isRangeAllowed ? context.req.header("range") : undefined, head.bytes);
    if (range.kind === "unsatisfiable")
      throw new ProblemError(
        "range-not-satisfiable",
        `The range is beyond the end of the object, which has ${head.bytes} bytes.`,
        { headers: { "accept-ranges": "bytes", "content-range": `bytes */${head.bytes}` } },
      );
    const { start, end } = range.kind === "partial" ? range : { start: 0, end: head.bytes - 1 };
    const rangeHeaders = {
      ...headers,
      "content-length": String(end - start + 1),
      ...(range.kind === "partial" ? { "content-range": `bytes ${start}-${end}/${head.bytes}` } : {}),
    };
    const status = range.kind === "partial" ? 206 : 200;
    if (context.req.method === "HEAD" || head.bytes === 0)
      return new Response(null, { status, headers: rangeHeaders });
    const reference = { bucket, key, ...(head.versionId === undefined ? {} : { versionId: head.versionId }) };
    const stream = await objects.read(reference, range.kind === "partial" ? { start, end } : undefined);
    return new Response(toWebStream(stream, context), { status, headers: rangeHeaders });
  };
