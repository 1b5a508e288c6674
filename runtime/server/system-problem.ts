import { getSystemErrorCode, isDiskFullError } from "../../adapters/local/system-error.ts";
import { diskFullMessage } from "../../lambdas/api/problems.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

const accessDeniedCodes = new Set(["EACCES", "EPERM", "EROFS"]);

/** Converts an error of the file system to a problem; undefined for other errors. */
export const toSystemProblem = (cause: unknown): ProblemError | undefined => {
  if (isDiskFullError(cause)) return new ProblemError("disk-full", diskFullMessage);
  const isDenied =
    accessDeniedCodes.has(getSystemErrorCode(cause) ?? "") ||
    (cause instanceof StoreFailure && cause.kind === "denied");
  return isDenied
    ? new ProblemError(
        "internal-error",
        `The data folder is not writable (${formatError(cause)}). Correct its permissions and try again.`,
      )
    : undefined;
};
