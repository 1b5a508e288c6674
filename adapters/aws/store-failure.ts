import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";
import { isNetworkError } from "../local/system-error.ts";
import { getHttpStatus } from "./aws-error.ts";

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
  InvalidObjectState: "archived",
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

/** Errors of AWS KMS that S3 passes on: the key is disabled, deleted, of another Region, or may not be used. */
const isKeyRefusal = (name: string): boolean =>
  name.startsWith("KMS.") && !/Throttling|Internal|Timeout|Unavailable|LimitExceeded/.test(name);

const classifyError = (cause: unknown): StoreFailureKind => {
  if (!(cause instanceof Error)) return "unknown";
  const kind = kindByErrorName[cause.name];
  if (kind !== undefined) return kind;
  if (isKeyRefusal(cause.name)) return "denied";
  if (isNetworkError(cause)) return "transient";
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

/** Several services use the same name for a resource that does not exist. */
const createConversion =
  (missingKind: StoreFailureKind) =>
  (context: string, cause: unknown): StoreFailure => {
    const failure = toStoreFailure(context, cause);
    return cause instanceof Error && cause.name === "ResourceNotFoundException"
      ? new StoreFailure(missingKind, failure.message, cause)
      : failure;
  };

/** Converts an error of a DynamoDB client. @param context the operation and its object, for the message */
export const toTableFailure = createConversion("table-not-found");

/** Converts an error of a Secrets Manager client. @param context the operation and its object, for the message */
export const toSecretFailure = createConversion("secret-not-found");
