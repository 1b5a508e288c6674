import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { credentialsAdvice, toAccessError } from "../../adapters/aws/aws-error.ts";
import type { Deployment } from "../../modules/names.ts";
import { type CheckResult, failure, ok, warning } from "../../pipeline/text/check-result.ts";
import { describeFailedRequest } from "./failed-request.ts";
import type { StageAccount } from "./stage-account.ts";

/** Who sends the requests. */
export interface Caller {
  /** Account id. */
  readonly account: string;
  readonly arn: string;
  /** End of a session; undefined for long-term keys. */
  readonly expiration?: Date;
}

/** Shorter sessions may end during a deployment, most of which takes place within this time. */
const minSessionMinutes = 15;

/** Checks the account of the caller and the rest of the session. */
export const checkCaller = (
  { stage, account: expectedAccount }: Pick<Deployment, "stage" | "account">,
  { account, arn, expiration }: Caller,
  now: Date,
): CheckResult => {
  const name = "credentials";
  if (expectedAccount !== undefined && expectedAccount !== account)
    return failure(
      name,
      `${arn} belongs to account ${account}, the stage ${stage} to account ${expectedAccount}`,
      `Use credentials of account ${expectedAccount}, or correct account of the stage in reelway.config.ts.`,
    );
  const minutes =
    expiration === undefined ? undefined : Math.floor((expiration.getTime() - now.getTime()) / 60_000);
  return minutes !== undefined && minutes < minSessionMinutes
    ? warning(
        name,
        `the session of ${arn} ends in ${Math.max(0, minutes)} minutes, before a deployment may be complete`,
        "Get new credentials first, e.g. with: aws sso login",
      )
    : ok(name, `${arn} in account ${account}`);
};

const readCaller = async (client: STSClient): Promise<Caller> => {
  const { Account: account = "", Arn: arn = "" } = await client.send(new GetCallerIdentityCommand({}));
  const { expiration } = await client.config.credentials();
  return { account, arn, ...(expiration === undefined ? {} : { expiration }) };
};

/** Whether the credentials are valid in us-east-1, so that only the stage's Region refuses them. */
const isValidElsewhere = (client: STSClient): Promise<boolean> =>
  readCaller(client).then(
    () => true,
    () => false,
  );

/**
 * Checks the credentials and the Region.
 *
 * @returns the results, and the caller if the account can be asked further
 */
export const runCredentialsCheck = async (
  deployment: Pick<Deployment, "stage" | "account" | "region">,
  { sts, globalSts }: Pick<StageAccount, "sts" | "globalSts">,
  now: Date,
): Promise<{ readonly results: readonly CheckResult[]; readonly caller?: Caller }> => {
  const { region } = deployment;
  try {
    const caller = await readCaller(sts);
    const result = checkCaller(deployment, caller, now);
    return {
      results: [result, ok("region", `${region} is enabled`)],
      ...(result.status === "failure" ? {} : { caller }),
    };
  } catch (cause) {
    // A Region that is not enabled in the account does not know its keys (AWS Account Management guide, "Enable or
    // disable AWS Regions").
    if (toAccessError(cause) !== undefined && region !== "us-east-1" && (await isValidElsewhere(globalSts)))
      return {
        results: [
          failure(
            "region",
            `the Region ${region} does not accept the credentials, and us-east-1 does: it is not enabled in the account`,
            `Enable it, which takes minutes: aws account enable-region --region-name ${region}; or set another region.`,
          ),
        ],
      };
    return {
      results: [
        failure(
          "credentials",
          `${describeFailedRequest(cause).replace(credentialsAdvice, "").trim()} The account was not checked.`,
          credentialsAdvice,
        ),
      ],
    };
  }
};
