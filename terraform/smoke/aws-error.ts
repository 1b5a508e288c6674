import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";

const expiredCredentialsCodes = new Set([
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
const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT"]);

/** Lists an error and its causes, the outermost first. */
const listCauses = (cause: unknown): readonly Error[] =>
  cause instanceof Error ? [cause, ...listCauses(cause.cause)] : [];

const toSentence = (error: Error): string => formatError(error).replace(/\.?$/, ".");

const credentialsAdvice =
  "Set AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in, e.g. with: aws sso login";

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
      return new CommandError("The AWS credentials have expired. Get new ones and run the command again.", {
        cause,
      });
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

/** Whether AWS, or the endpoint in AWS_ENDPOINT_URL, could not be reached. */
export const isUnreachable = (cause: unknown): boolean =>
  listCauses(cause).some((error) => networkCodes.has(getSystemErrorCode(error) ?? ""));

/** Returns the HTTP status of an AWS error response; undefined for other errors. */
export const getHttpStatus = (cause: unknown): number | undefined => {
  if (!(cause instanceof Error && "$metadata" in cause)) return undefined;
  const { $metadata: metadata } = cause;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};
