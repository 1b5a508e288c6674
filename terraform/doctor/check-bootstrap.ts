import { HeadObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { getHttpStatus } from "../../adapters/aws/aws-error.ts";
import { type CheckResult, ok, warning } from "../../pipeline/text/check-result.ts";
import { stateStackName } from "../deployment/dependants.ts";
import { withRequests } from "./failed-request.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

/** Checks that the state bucket holds the state of the stage's state stack. */
export const runBootstrapCheck = (
  { deployment: { stage }, names: { stateBucket } }: Pick<StageTarget, "deployment" | "names">,
  { s3 }: Pick<StageAccount, "s3">,
): Promise<readonly CheckResult[]> => {
  const name = "bootstrap";
  return withRequests(name, "s3:GetObject and s3:ListBucket on the state bucket", async () => {
    try {
      await s3.send(
        new HeadObjectCommand({ Bucket: stateBucket, Key: `${stage}/${stateStackName}.tfstate` }),
      );
      return ok(name, `the states are in the bucket ${stateBucket}`);
    } catch (cause) {
      if (!(cause instanceof S3ServiceException && getHttpStatus(cause) === 404)) throw cause;
      return warning(
        name,
        `not yet: the bucket ${stateBucket} holds no state of the stage`,
        `Run once, before the first deployment: npx reelway bootstrap --stage ${stage}`,
      );
    }
  });
};
