import { DetectionFailure, type DetectionFailureKind } from "../../pipeline/ports/label-detector.ts";
import { getHttpStatus, toAccessError } from "./aws-error.ts";

const kindByErrorName: Readonly<Record<string, DetectionFailureKind>> = {
  Throttling: "throttled",
  ThrottlingException: "throttled",
  ThrottledException: "throttled",
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  ProvisionedThroughputExceededException: "throttled",
  LimitExceededException: "throttled",
  ServiceQuotaExceededException: "throttled",
  InternalServerError: "transient",
  ServiceUnavailable: "transient",
  ServiceUnavailableException: "transient",
  RequestTimeout: "transient",
  RequestTimeoutException: "transient",
  InvalidImageFormatException: "image",
  ImageTooLargeException: "image",
  InvalidParameterException: "image",
  ValidationException: "image",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
};

const kindOfStatus = (status: number): DetectionFailureKind => {
  if (status === 429) return "throttled";
  if (status === 401 || status === 403) return "denied";
  return status >= 500 ? "transient" : "unavailable";
};

/** Errors before a request is sent: no connection, so no bill. */
const unsentCodes = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

const isUnsent = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && unsentCodes.has(String(cause.code));

/**
 * Converts an error of a call of Rekognition. An error response costs nothing. A lost response may be billed.
 *
 * @param operation name of the API operation, for the message
 */
export const toDetectionFailure = (operation: string, cause: unknown): DetectionFailure => {
  const name = cause instanceof Error ? cause.name : "";
  const detail = cause instanceof Error ? cause.message : String(cause);
  const message = `Rekognition ${operation} failed: ${name === "" ? "" : `${name}: `}${detail}`;
  const accessError = toAccessError(cause);
  if (accessError !== undefined)
    return new DetectionFailure("denied", `Rekognition ${operation} failed: ${accessError.message}`, {
      cause,
    });
  const status = getHttpStatus(cause);
  // With a success status, the response was cut, or cannot be parsed.
  const isRefused = status !== undefined && status >= 300;
  const kind = kindByErrorName[name] ?? (isRefused ? kindOfStatus(status) : undefined);
  if (kind === "denied")
    return new DetectionFailure(
      kind,
      `${message}. Allow rekognition:${operation} in the role of the caller.`,
      {
        cause,
      },
    );
  if (kind !== undefined) return new DetectionFailure(kind, message, { cause });
  return new DetectionFailure("transient", message, { cause, mayBeBilled: !isUnsent(cause) });
};
