import type { CheckResult } from "../../pipeline/text/check-result.ts";
import { runBootstrapCheck } from "./check-bootstrap.ts";
import { runBucketKeysCheck } from "./check-bucket-keys.ts";
import { runBucketsCheck } from "./check-buckets.ts";
import { runCredentialsCheck } from "./check-credentials.ts";
import { runFargateQuotaCheck } from "./check-fargate-quota.ts";
import { runGithubCheck } from "./check-github.ts";
import { runImageCheck } from "./check-image.ts";
import { runLambdaConcurrencyCheck } from "./check-lambda-concurrency.ts";
import { runTerraformCheck } from "./check-terraform.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

/**
 * Checks a stage before its first deployment and at any later time, in the order of the report. Changes nothing. Without
 * valid credentials the account is not asked further. To add a check, write a new file and call it here.
 *
 * @param directory working directory for `terraform version`
 */
export const runStageChecks = async (
  target: StageTarget,
  account: StageAccount,
  directory: string,
  now = new Date(),
): Promise<readonly CheckResult[]> => {
  const terraform = await runTerraformCheck(directory);
  const { results, caller } = await runCredentialsCheck(target.deployment, account, now);
  const github = await runGithubCheck(target.deployment);
  if (caller === undefined)
    return [terraform, ...results, ...(await runImageCheck(target, undefined)), ...github];
  const accountResults = await Promise.all([
    runBootstrapCheck(target, account),
    runBucketsCheck(target, account),
    runBucketKeysCheck(target, account),
    runLambdaConcurrencyCheck(target, account),
    runFargateQuotaCheck(target, account),
    runImageCheck(target, account),
  ]);
  return [terraform, ...results, ...accountResults.flat(), ...github];
};
