import { CommandError, formatError, listCauses } from "../../pipeline/errors/errors.ts";

/** Error codes of AWS services for expired credentials. */
export const expiredCredentialsCodes: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "TokenRefreshRequired",
  "CredentialsExpired",
]);
const invalidCredentialsCodes = new Set([
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
  "AuthFailure",
]);
const credentialsProviderErrors = new Set(["CredentialsProviderError", "TokenProviderError"]);

const toSentence = (error: Error): string => formatError(error).replace(/\.?$/, ".");

/** How to set credentials. */
export const credentialsAdvice =
  "Set AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in, e.g. with: aws sso login";

export const expiredCredentialsMessage =
  "The AWS credentials have expired. Get new ones and run the command again.";

/**
 * Converts an error about missing, expired or invalid credentials to a CommandError; undefined for other errors. These
 * errors are not transient.
 */
export const toAccessError = (cause: unknown): CommandError | undefined => {
  for (const error of listCauses(cause)) {
    if (credentialsProviderErrors.has(error.name))
      return new CommandError(`No AWS credentials found: ${toSentence(error)} ${credentialsAdvice}`, {
        cause,
      });
    if (expiredCredentialsCodes.has(error.name))
      return new CommandError(expiredCredentialsMessage, { cause });
    if (invalidCredentialsCodes.has(error.name))
      return new CommandError(
        `The AWS credentials are not valid: ${toSentence(error)} ${credentialsAdvice}`,
        {
          cause,
        },
      );
  }
  return undefined;
};

const readField = (object: unknown, name: string): unknown =>
  typeof object === "object" && object !== null ? Reflect.get(object, name) : undefined;

/**
 * Returns the HTTP status of an error response, also of one that the service did not write, e.g. a proxy's page, for
 * which the client sets only `$response`; undefined for other errors.
 */
export const getHttpStatus = (cause: unknown): number | undefined =>
  [
    readField(readField(cause, "$metadata"), "httpStatusCode"),
    readField(readField(cause, "$response"), "statusCode"),
  ].find((status) => typeof status === "number");

/** Describes an AWS error response with its status and request id; undefined for other errors. */
export const describeServiceError = (cause: unknown): string | undefined => {
  const status = getHttpStatus(cause);
  if (!(cause instanceof Error) || status === undefined) return undefined;
  const requestId = readField(readField(cause, "$metadata"), "requestId");
  const details = [`HTTP ${status}`, ...(requestId === undefined ? [] : [`request id ${requestId}`])];
  return `AWS returned ${cause.name}: ${toSentence(cause)} (${details.join(", ")})`;
};
