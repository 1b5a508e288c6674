import type { ContentfulStatusCode } from "hono/utils/http-status";
import { systemCode } from "../../adapters/local/system-code.ts";
import { oneLine } from "../../pipeline/errors/user-error.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";

const full = new Set(["ENOSPC", "EDQUOT"]);
const denied = new Set(["EACCES", "EPERM", "EROFS"]);

const isOf = (kind: string, codes: ReadonlySet<string>, cause: unknown): boolean =>
  codes.has(systemCode(cause) ?? "") || (cause instanceof StoreFailure && cause.kind === kind);

/** The answer to an upload for which there is no room. */
export const diskFullAnswer = {
  status: 507,
  message: "The disk of the data folder is full; nothing was kept. Free some space and try again.",
} as const;

/** How a request that failed is answered, in words for a person. */
export const failureAnswer = (
  cause: unknown,
): { readonly status: ContentfulStatusCode; readonly message: string } => {
  if (isOf("full", full, cause)) return diskFullAnswer;
  if (isOf("denied", denied, cause))
    return {
      status: 500,
      message: `The data folder cannot be written to (${oneLine(cause)}). Mend its permissions and try again.`,
    };
  return { status: 500, message: `The request failed: ${oneLine(cause)}` };
};
