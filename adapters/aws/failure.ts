import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/failure.ts";

const kinds: Readonly<Record<string, StoreFailureKind>> = {
  NoSuchKey: "missing",
  NoSuchVersion: "missing",
  NotFound: "missing",
  NoSuchBucket: "bucket",
  // A finished upload is forgotten: its end was asked for again because the first answer was lost.
  NoSuchUpload: "temporary",
  KeyTooLongError: "invalid",
  MetadataTooLarge: "invalid",
  EntityTooLarge: "invalid",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  Forbidden: "denied",
  PreconditionFailed: "precondition",
  ConditionalRequestConflict: "precondition",
  ConditionalCheckFailedException: "precondition",
  Throttling: "temporary",
  ThrottlingException: "temporary",
  ProvisionedThroughputExceededException: "temporary",
  RequestLimitExceeded: "temporary",
  SlowDown: "temporary",
  InternalError: "temporary",
  InternalServerError: "temporary",
  ServiceUnavailable: "temporary",
  RequestTimeout: "temporary",
  TimeoutError: "temporary",
  ExpiredToken: "temporary",
  ExpiredTokenException: "temporary",
};

const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"]);

const numberIn = (holder: unknown, name: string): number | undefined => {
  if (typeof holder !== "object" || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === "number" ? value : undefined;
};

/** The answer's status; of one that is no answer of the service, a proxy's page, the client keeps `$response` alone. */
const statusOf = (cause: Error): number | undefined =>
  ("$metadata" in cause ? numberIn(cause.$metadata, "httpStatusCode") : undefined) ??
  ("$response" in cause ? numberIn(cause.$response, "statusCode") : undefined);

const kindOf = (cause: unknown): StoreFailureKind => {
  if (!(cause instanceof Error)) return "unknown";
  const known = kinds[cause.name];
  if (known !== undefined) return known;
  if ("code" in cause && typeof cause.code === "string" && networkCodes.has(cause.code)) return "temporary";
  const status = statusOf(cause);
  if (status === 404) return "missing";
  if (status === 403) return "denied";
  if (status === 412) return "precondition";
  return status !== undefined && status >= 500 ? "temporary" : "unknown";
};

/** Maps an SDK client's error to the domain's; `what` names the act and its object. */
export const storeFailure = (what: string, cause: unknown): StoreFailure =>
  cause instanceof StoreFailure
    ? cause
    : new StoreFailure(
        kindOf(cause),
        `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      );
