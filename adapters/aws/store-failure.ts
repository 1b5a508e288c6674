import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";

const kindByErrorName: Readonly<Record<string, StoreFailureKind>> = {
  NoSuchKey: "missing",
  NoSuchVersion: "missing",
  NotFound: "missing",
  NoSuchBucket: "bucket-not-found",
  // The upload is already complete: the request was repeated because its first response was lost.
  NoSuchUpload: "transient",
  KeyTooLongError: "invalid",
  MetadataTooLarge: "invalid",
  EntityTooLarge: "invalid",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  Forbidden: "denied",
  PreconditionFailed: "precondition",
  ConditionalRequestConflict: "precondition",
  ConditionalCheckFailedException: "precondition",
  Throttling: "transient",
  ThrottlingException: "transient",
  ProvisionedThroughputExceededException: "transient",
  RequestLimitExceeded: "transient",
  SlowDown: "transient",
  InternalError: "transient",
  InternalServerError: "transient",
  ServiceUnavailable: "transient",
  RequestTimeout: "transient",
  TimeoutError: "transient",
  ExpiredToken: "transient",
  ExpiredTokenException: "transient",
};

const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"]);

const readNumber = (object: unknown, name: string): number | undefined => {
  if (typeof object !== "object" || object === null) return undefined;
  const value: unknown = Reflect.get(object, name);
  return typeof value === "number" ? value : undefined;
};

/**
 * HTTP status of a response. For a response that is not the service's, e.g. a proxy's page, the client sets only
 * `$response`.
 */
const getHttpStatus = (cause: Error): number | undefined =>
  ("$metadata" in cause ? readNumber(cause.$metadata, "httpStatusCode") : undefined) ??
  ("$response" in cause ? readNumber(cause.$response, "statusCode") : undefined);

const classifyError = (cause: unknown): StoreFailureKind => {
  if (!(cause instanceof Error)) return "unknown";
  const kind = kindByErrorName[cause.name];
  if (kind !== undefined) return kind;
  if ("code" in cause && typeof cause.code === "string" && networkCodes.has(cause.code)) return "transient";
  const status = getHttpStatus(cause);
  if (status === 404) return "missing";
  if (status === 403) return "denied";
  if (status === 412) return "precondition";
  return status !== undefined && status >= 500 ? "transient" : "unknown";
};

/** Converts an error of an SDK client. @param context the operation and its object, for the message */
export const toStoreFailure = (context: string, cause: unknown): StoreFailure =>
  cause instanceof StoreFailure
    ? cause
    : new StoreFailure(
        classifyError(cause),
        `${context}: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      );
