import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { TranscoderKey } from "../../ports/secrets.ts";
import { ApiError } from "./api-error.ts";

/** An HTTP request as received. */
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
/** Allowed clock difference between caller and service. */
const maxClockSkewMs = 5 * 60_000;

const hashSha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const computeHmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

const encodeRfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ApiError("InvalidSignatureException", "The query string is not valid percent-encoding.");
  }
};

const buildCanonicalQuery = (query: string): string =>
  query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const separatorIndex = pair.indexOf("=");
      return separatorIndex < 0
        ? ([decode(pair), ""] as const)
        : ([decode(pair.slice(0, separatorIndex)), decode(pair.slice(separatorIndex + 1))] as const);
    })
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
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

const checkTime = (amzDate: string | undefined, date: string, now: number): string => {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate ?? "");
  if (amzDate === undefined || match === null || !amzDate.startsWith(date))
    throw new ApiError("IncompleteSignatureException", "Header x-amz-date is missing or not valid.");
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(time - now) <= maxClockSkewMs))
    throw new ApiError("InvalidSignatureException", `Signature expired: ${amzDate} is not within 5 minutes.`);
  return amzDate;
};

const requiredHeaders = ["host", "x-amz-date"];

/**
 * Verifies a request's Signature Version 4 (AWS IAM user guide, "Create a signed AWS API request") against the
 * service's own keys, in constant time. The signature covers the hash of the body.
 *
 * @param now milliseconds since 1970
 * @returns the key that signed the request
 * @throws ApiError with AWS's error type and message
 */
export const verifySignature = (
  request: SignedRequest,
  keys: readonly TranscoderKey[],
  now: number,
): TranscoderKey => {
  const authorization = parseAuthorization(request.headers.authorization);
  const amzDate = checkTime(request.headers["x-amz-date"], authorization.date, now);
  const key = keys.find(({ accessKeyId }) => accessKeyId === authorization.accessKeyId);
  if (key === undefined)
    throw new ApiError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  if (requiredHeaders.some((name) => !authorization.signedHeaders.includes(name)))
    throw new ApiError("IncompleteSignatureException", "Headers host and x-amz-date must be signed.");
  const canonicalRequest = [
    request.method,
    request.path.split("/").map(encodeRfc3986).join("/"),
    buildCanonicalQuery(request.query),
    ...authorization.signedHeaders.map(
      (name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}`,
    ),
    "",
    authorization.signedHeaders.join(";"),
    hashSha256(request.body),
  ].join("\n");
  const stringToSign = ["AWS4-HMAC-SHA256", amzDate, authorization.scope, hashSha256(canonicalRequest)].join(
    "\n",
  );
  const signingKey = ["aws4_request"].reduce<Buffer>(
    computeHmac,
    computeHmac(
      computeHmac(computeHmac(`AWS4${key.secretAccessKey}`, authorization.date), authorization.region),
      service,
    ),
  );
  const expected = computeHmac(signingKey, stringToSign);
  if (!timingSafeEqual(expected, Buffer.from(authorization.signature, "hex")))
    throw new ApiError(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  return key;
};
