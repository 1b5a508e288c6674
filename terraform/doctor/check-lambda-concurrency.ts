import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import * as z from "zod";
import { type CheckResult, failure, ok, warning } from "../../pipeline/text/check-result.ts";
import { listResourcesOfType } from "../runner/stack-resources.ts";
import { withRequests } from "./failed-request.ts";
import { renderQuotaRequest } from "./quota-request.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

const name = "lambda concurrency";
/** Concurrent executions that must stay unreserved (AWS Lambda API reference, PutFunctionConcurrency). */
const minUnreserved = 100;
/** Lambda's quota "Concurrent executions". */
const quota = { serviceCode: "lambda", quotaCode: "L-B99A9384" } as const;

const functionSchema = z.looseObject({
  function_name: z.string(),
  reserved_concurrent_executions: z.number().optional(),
});

/** Concurrency that a function of the stage reserves. */
export interface Reservation {
  readonly functionName: string;
  readonly executions: number;
}

/** Lists the functions of the synthesized stacks that reserve concurrency. */
export const listReservations = ({ resources }: Pick<StageTarget, "resources">): readonly Reservation[] =>
  listResourcesOfType(resources, "aws_lambda_function", functionSchema).flatMap(
    ({ function_name: functionName, reserved_concurrent_executions: executions = -1 }) =>
      executions > 0 ? [{ functionName, executions }] : [],
  );

/** Concurrency of the account in the Region. */
export interface AccountConcurrency {
  readonly limit: number;
  /** The limit less all reservations. */
  readonly unreserved: number;
}

/**
 * Checks that the account has the concurrency that the stage reserves.
 *
 * @param total executions that the functions of the stage reserve
 * @param missing those of them that are not reserved yet
 */
export const checkLambdaConcurrency = (
  { stage, region }: { readonly stage: string; readonly region: string },
  { limit, unreserved }: AccountConcurrency,
  { total, missing }: { readonly total: number; readonly missing: number },
): CheckResult => {
  if (missing > 0 && unreserved - missing < minUnreserved) {
    const request = renderQuotaRequest(region, quota, limit - unreserved + missing + minUnreserved);
    return failure(
      name,
      `the functions of ${stage} reserve ${missing} more concurrent executions; the account has ${unreserved} unreserved of ${limit}, and ${minUnreserved} must stay so`,
      `Set reserveConcurrency: false for the stage in reelway.config.ts, or raise the quota: ${request}`,
    );
  }
  return limit < minUnreserved
    ? warning(
        name,
        `all functions of the account run at most ${limit} times at once; events wait while more are needed`,
        `Raise the quota: ${renderQuotaRequest(region, quota, 1000)}`,
      )
    : ok(name, `${total} reserved by the stage, ${unreserved} unreserved of ${limit} in the account`);
};

/** Sums what the functions do not reserve yet, because they or their reservation do not exist yet. */
const sumMissing = async (lambda: LambdaClient, reservations: readonly Reservation[]): Promise<number> => {
  let missing = 0;
  // One after the other: Lambda accepts 15 requests per second of the control plane.
  for (const { functionName, executions } of reservations) {
    const { ReservedConcurrentExecutions: reserved = 0 } = await lambda
      .send(new GetFunctionConcurrencyCommand({ FunctionName: functionName }))
      .catch((cause: unknown) => {
        if (cause instanceof ResourceNotFoundException) return { ReservedConcurrentExecutions: 0 };
        throw cause;
      });
    missing += Math.max(0, executions - reserved);
  }
  return missing;
};

/** Checks the concurrency of Lambda in the account. */
export const runLambdaConcurrencyCheck = (
  target: Pick<StageTarget, "deployment" | "resources">,
  { lambda }: Pick<StageAccount, "lambda">,
): Promise<readonly CheckResult[]> =>
  withRequests(name, "lambda:GetAccountSettings", async () => {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
    if (limit === undefined || unreserved === undefined)
      return warning(
        name,
        "not checked: Lambda returned no limit of the account",
        "Run the command again, or look the limit up in the Lambda console.",
      );
    const reservations = listReservations(target);
    const total = reservations.reduce((sum, { executions }) => sum + executions, 0);
    const isEnough = unreserved - total >= minUnreserved;
    const check = (missing: number) =>
      checkLambdaConcurrency(target.deployment, { limit, unreserved }, { total, missing });
    if (isEnough || total === 0) return check(0);
    return withRequests(name, "lambda:GetFunctionConcurrency", async () =>
      check(await sumMissing(lambda, reservations)),
    );
  });
