import { describeServiceError, getHttpStatus, toAccessError } from "../../adapters/aws/aws-error.ts";
import { describeSystemError } from "../../adapters/local/system-error.ts";
import { formatError, UserError } from "../../pipeline/errors/errors.ts";
import { type CheckResult, warning } from "../../pipeline/text/check-result.ts";

/** Whether AWS refused a request because the caller may not make it. */
export const isDenied = (cause: unknown): boolean =>
  getHttpStatus(cause) === 403 ||
  (cause instanceof Error && /^(AccessDenied|AuthorizationError|Forbidden|Unauthorized)/.test(cause.name));

/** Describes an error of a request in one line. */
export const describeFailedRequest = (cause: unknown): string => {
  const userError = cause instanceof UserError ? cause : toAccessError(cause);
  const description = userError?.message ?? describeServiceError(cause) ?? describeSystemError(cause);
  return (description ?? formatError(cause)).replaceAll(/\s*\n\s*/g, " ");
};

/**
 * Runs a check that sends requests. A request that fails becomes a warning, never a failure of the command: what cannot
 * be read may be right.
 *
 * @param action IAM action of the requests, for the warning
 */
export const withRequests = async (
  name: string,
  action: string,
  check: () => Promise<CheckResult | readonly CheckResult[]>,
): Promise<readonly CheckResult[]> => {
  try {
    return [await check()].flat();
  } catch (cause) {
    return [
      isDenied(cause)
        ? warning(
            name,
            `not checked: the credentials do not allow ${action}`,
            `Allow ${action} to the caller, or check it in the AWS console.`,
          )
        : warning(
            name,
            `not checked: ${describeFailedRequest(cause)}`,
            `Run the command again; if it repeats, check that ${action} is possible in this Region.`,
          ),
    ];
  }
};
