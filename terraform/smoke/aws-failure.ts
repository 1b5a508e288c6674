import { systemCode } from "../../adapters/local/system-code.ts";
import { CommandFailed, oneLine } from "../../pipeline/errors/user-error.ts";

const expired = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "TokenRefreshRequired",
  "CredentialsExpired",
]);
const unknown = new Set([
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
  "AuthFailure",
]);
const providers = new Set(["CredentialsProviderError", "TokenProviderError"]);
const network = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT"]);

/** An error and those it came from, the outermost first. */
const chain = (cause: unknown): readonly Error[] =>
  cause instanceof Error ? [cause, ...chain(cause.cause)] : [];

const sentence = (error: Error): string => oneLine(error).replace(/\.?$/, ".");

const advice =
  "Name a profile in AWS_PROFILE, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in, e.g. with: aws sso login";

/**
 * What keeps AWS from answering anybody with these credentials, in words; undefined for any other failure. Nothing
 * of that kind passes by waiting.
 */
export const accessFailure = (cause: unknown): CommandFailed | undefined => {
  for (const error of chain(cause)) {
    if (providers.has(error.name))
      return new CommandFailed(`There are no AWS credentials: ${sentence(error)} ${advice}`, { cause });
    if (expired.has(error.name))
      return new CommandFailed("The AWS credentials have expired. Get new ones and run the command again.", {
        cause,
      });
    if (unknown.has(error.name))
      return new CommandFailed(`AWS does not accept these credentials: ${sentence(error)} ${advice}`, {
        cause,
      });
  }
  return undefined;
};

/** True where AWS, or what AWS_ENDPOINT_URL names, is not reached at all. */
export const isUnreachable = (cause: unknown): boolean =>
  chain(cause).some((error) => network.has(systemCode(error) ?? ""));

/** Status of an answer of AWS; undefined for what is none. */
export const answerStatus = (cause: unknown): number | undefined => {
  if (!(cause instanceof Error && "$metadata" in cause)) return undefined;
  const { $metadata: metadata } = cause;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};
