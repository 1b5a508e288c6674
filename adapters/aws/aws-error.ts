import { CommandError, formatError, listCauses } from "../../pipeline/errors/errors.ts";

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

const readField = (object: unknown, name: string): unknown =>
  typeof object === "object" && object !== null ? Reflect.get(object, name) : undefined;

/** Status of an answer; of one that is no answer of the service, a proxy's page, the client keeps `$response` alone. */
export const getHttpStatus = (cause: unknown): number | undefined =>
  [
    readField(readField(cause, "$metadata"), "httpStatusCode"),
    readField(readField(cause, "$response"), "statusCode"),
  ].find((status) => typeof status === "number");

/** Describes a service's refusal for a person; undefined for what no service answered. */
export const describeServiceError = (cause: unknown): string | undefined => {
  const status = getHttpStatus(cause);
  if (!(cause instanceof Error) || status === undefined) return undefined;
  const requestId = readField(readField(cause, "$metadata"), "requestId");
  const details = [`HTTP ${status}`, ...(requestId === undefined ? [] : [`request id ${requestId}`])];
  return `AWS answered ${cause.name}: ${toSentence(cause)} (${details.join(", ")})`;
};
