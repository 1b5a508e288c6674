import type { ContentfulStatusCode } from "hono/utils/http-status";
import { getSystemErrorCode, isDiskFullError } from "../../adapters/local/system-error.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";

const accessDeniedCodes = new Set(["EACCES", "EPERM", "EROFS"]);

const isStoreFailure = (cause: unknown, kind: StoreFailureKind): boolean =>
  cause instanceof StoreFailure && cause.kind === kind;

/** The response to an upload while the disk is full. */
export const diskFullResponse = {
  status: 507,
  message: "The disk of the data folder is full; nothing was stored. Free some space and try again.",
} as const;

/** Converts an error of a request to an HTTP status and a message. */
export const toErrorResponse = (
  cause: unknown,
): { readonly status: ContentfulStatusCode; readonly message: string } => {
  if (isDiskFullError(cause) || isStoreFailure(cause, "no-space")) return diskFullResponse;
  if (accessDeniedCodes.has(getSystemErrorCode(cause) ?? "") || isStoreFailure(cause, "denied"))
    return {
      status: 500,
      message: `The data folder is not writable (${formatError(cause)}). Correct its permissions and try again.`,
    };
  return { status: 500, message: `The request failed: ${formatError(cause)}` };
};
