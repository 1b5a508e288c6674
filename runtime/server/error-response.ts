import type { ContentfulStatusCode } from "hono/utils/http-status";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

const diskFullCodes = new Set(["ENOSPC", "EDQUOT"]);
const accessDeniedCodes = new Set(["EACCES", "EPERM", "EROFS"]);

const isFailureOf = (kind: string, codes: ReadonlySet<string>, cause: unknown): boolean =>
  codes.has(getSystemErrorCode(cause) ?? "") || (cause instanceof StoreFailure && cause.kind === kind);

/** The answer to an upload for which there is no room. */
export const diskFullResponse = {
  status: 507,
  message: "The disk of the data folder is full; nothing was kept. Free some space and try again.",
} as const;

/** How a request that failed is answered, in words for a person. */
export const toErrorResponse = (
  cause: unknown,
): { readonly status: ContentfulStatusCode; readonly message: string } => {
  if (isFailureOf("no-space", diskFullCodes, cause)) return diskFullResponse;
  if (isFailureOf("denied", accessDeniedCodes, cause))
    return {
      status: 500,
      message: `The data folder cannot be written to (${formatError(cause)}). Mend its permissions and try again.`,
    };
  return { status: 500, message: `The request failed: ${formatError(cause)}` };
};
