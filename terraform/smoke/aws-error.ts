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

/** An error and those it came from, the outermost first. */
const listCauses = (cause: unknown): readonly Error[] =>
  cause instanceof Error ? [cause, ...listCauses(cause.cause)] : [];

const toSentence = (error: Error): string => formatError(error).replace(/\.?$/, ".");

const credentialsAdvice =
  "Name a profile in AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in, e.g. with: aws sso login";

/**
 * What keeps AWS from answering anybody with these credentials, in words; undefined for any other failure. Nothing
 * of that kind passes by waiting.
 */
export const toAccessError = (cause: unknown): CommandError | undefined => {
  for (const error of listCauses(cause)) {
    if (credentialsProviderErrors.has(error.name))
      return new CommandError(`There are no AWS credentials: ${toSentence(error)} ${credentialsAdvice}`, {
        cause,
      });
    if (expiredCredentialsCodes.has(error.name))
      return new CommandError("The AWS credentials have expired. Get new ones and run the command again.", {
        cause,
      });
    if (invalidCredentialsCodes.has(error.name))
      return new CommandError(
        `AWS does not accept these credentials: ${toSentence(error)} ${credentialsAdvice}`,
        {
          cause,
        },
      );
  }
  return undefined;
};

/** True where AWS, or what AWS_ENDPOINT_URL names, is not reached at all. */
export const isUnreachable = (cause: unknown): boolean =>
  listCauses(cause).some((error) => networkCodes.has(getSystemErrorCode(error) ?? ""));

/** Status of an answer of AWS; undefined for what is none. */
export const getHttpStatus = (cause: unknown): number | undefined => {
  if (!(cause instanceof Error && "$metadata" in cause)) return undefined;
  const { $metadata: metadata } = cause;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};
