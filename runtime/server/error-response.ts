import type { ContentfulStatusCode } from "hono/utils/http-status";
import { getSystemErrorCode, isDiskFullError } from "../../adapters/local/system-error.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";

const accessDeniedCodes = new Set(["EACCES", "EPERM", "EROFS"]);

const isStoreFailure = (cause: unknown, kind: StoreFailureKind): boolean =>
  cause instanceof StoreFailure && cause.kind === kind;

/** The answer to an upload for which there is no room. */
export const diskFullResponse = {
  status: 507,
  message: "The disk of the data folder is full; nothing was kept. Free some space and try again.",
} as const;

/** How a request that failed is answered, in words for a person. */
export const toErrorResponse = (
  cause: unknown,
): { readonly status: ContentfulStatusCode; readonly message: string } => {
  if (isDiskFullError(cause) || isStoreFailure(cause, "no-space")) return diskFullResponse;
  if (accessDeniedCodes.has(getSystemErrorCode(cause) ?? "") || isStoreFailure(cause, "denied"))
    return {
      status: 500,
      message: `The data folder cannot be written to (${formatError(cause)}). Mend its permissions and try again.`,
    };
  return { status: 500, message: `The request failed: ${formatError(cause)}` };
};
