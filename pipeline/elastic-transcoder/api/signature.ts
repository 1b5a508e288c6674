import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { TranscoderKey } from "../../ports/services.ts";
import { ApiError } from "./api-error.ts";

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** As received, percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const service = "elastictranscoder";
/** How far the clocks may be apart. */
const skewMilliseconds = 5 * 60_000;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ApiError("InvalidSignatureException", "The query string is not validly encoded.");
  }
};

const canonicalQuery = (query: string): string =>
  query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const split = pair.indexOf("=");
      return split < 0
        ? ([decode(pair), ""] as const)
        : ([decode(pair.slice(0, split)), decode(pair.slice(split + 1))] as const);
    })
    .map(([name, value]) => `${rfc3986(name)}=${rfc3986(value)}`)
    .sort()
    .join("&");

interface Authorization {
  readonly accessKeyId: string;
  /** DATE/REGION/SERVICE/aws4_request */
  readonly scope: string;
  readonly date: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const parseAuthorization = (header: string | undefined): Authorization => {
  if (header === undefined)
    throw new ApiError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  const [, accessKeyId, date, region, signedService, headers, signature] = match ?? [];
  if (
    accessKeyId === undefined ||
    date === undefined ||
    region === undefined ||
    headers === undefined ||
    signature === undefined
  )
    throw new ApiError(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' of AWS4-HMAC-SHA256.",
    );
  if (signedService !== service)
    throw new ApiError(
      "InvalidSignatureException",
      `Credential should be scoped to correct service: '${service}'.`,
    );
  return {
    accessKeyId,
    date,
    region,
    signature,
    signedHeaders: headers.split(";"),
    scope: `${date}/${region}/${service}/aws4_request`,
  };
};

const checkTime = (stamp: string | undefined, date: string, now: number): string => {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp ?? "");
  if (stamp === undefined || match === null || !stamp.startsWith(date))
    throw new ApiError("IncompleteSignatureException", "Header x-amz-date is missing or wrong.");
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(time - now) <= skewMilliseconds))
    throw new ApiError("InvalidSignatureException", `Signature expired: ${stamp} is not within 5 minutes.`);
  return stamp;
};

const required = ["host", "x-amz-date"];

/**
 * Checks a request's Signature Version 4 (AWS IAM user guide, "Create a signed AWS API request") against our
 * own keys, in constant time, and its body's hash with it.
 *
 * @param now milliseconds since 1970
 * @returns the key that signed
 * @throws ApiError as AWS words it
 */
export const verifySignature = (
  request: SignedRequest,
  keys: readonly TranscoderKey[],
  now: number,
): TranscoderKey => {
  const authorization = parseAuthorization(request.headers.authorization);
  const stamp = checkTime(request.headers["x-amz-date"], authorization.date, now);
  const key = keys.find(({ accessKeyId }) => accessKeyId === authorization.accessKeyId);
  if (key === undefined)
    throw new ApiError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  if (required.some((name) => !authorization.signedHeaders.includes(name)))
    throw new ApiError("IncompleteSignatureException", "Headers host and x-amz-date must be signed.");
  const canonical = [
    request.method,
    request.path.split("/").map(rfc3986).join("/"),
    canonicalQuery(request.query),
    ...authorization.signedHeaders.map(
      (name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}`,
    ),
    "",
    authorization.signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", stamp, authorization.scope, sha256(canonical)].join("\n");
  const signingKey = ["aws4_request"].reduce<Buffer>(
    hmac,
    hmac(hmac(hmac(`AWS4${key.secretAccessKey}`, authorization.date), authorization.region), service),
  );
  const expected = hmac(signingKey, toSign);
  if (!timingSafeEqual(expected, Buffer.from(authorization.signature, "hex")))
    throw new ApiError(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  return key;
};
