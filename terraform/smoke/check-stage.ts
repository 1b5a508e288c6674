import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { getHttpStatus, toAccessError } from "../../adapters/aws/aws-error.ts";
import { isNetworkError } from "../../adapters/local/system-error.ts";
import { CommandError, formatError, listCauses } from "../../pipeline/errors/errors.ts";
import type { DeployedStage } from "./stage.ts";

const createNotDeployedError = (
  { deployment: { stage, region } }: DeployedStage,
  resource: string,
  cause: unknown,
) =>
  new CommandError(
    `Stage ${stage} is not deployed: ${resource} does not exist in ${region}. Deploy it first: npx reelway deploy --stage ${stage}`,
    { cause },
  );

const toStageError = (cause: unknown, operation: string): CommandError =>
  toAccessError(cause) ??
  new CommandError(
    listCauses(cause).some(isNetworkError)
      ? `AWS is not reachable: ${formatError(cause)}`
      : `${operation} failed: ${formatError(cause) || String(cause)}`,
    { cause },
  );

const checkBucket = async (stage: DeployedStage, bucket: string): Promise<void> => {
  try {
    await stage.s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (cause) {
    switch (getHttpStatus(cause)) {
      case 404:
        throw createNotDeployedError(stage, `bucket ${bucket}`, cause);
      case 301:
        throw new CommandError(
          `Bucket ${bucket} is in another region than stage ${stage.deployment.stage}, which is in ${stage.deployment.region}. Correct region in reelway.config.ts.`,
          { cause },
        );
      case 403:
        throw (
          toAccessError(cause) ??
          new CommandError(
            `Access to bucket ${bucket} is denied. It belongs to another account, or the credentials lack s3:ListBucket.`,
            { cause },
          )
        );
      default:
        throw toStageError(cause, `Checking bucket ${bucket}`);
    }
  }
};

const checkTable = async (stage: DeployedStage, table: string): Promise<void> => {
  try {
    await stage.database.send(new GetItemCommand({ TableName: table, Key: { id: { S: "none" } } }));
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ResourceNotFoundException")
      throw createNotDeployedError(stage, `table ${table}`, cause);
    throw toStageError(cause, `Reading table ${table}`);
  }
};

/**
 * Checks the credentials and that the stage is deployed, before anything is uploaded.
 *
 * @returns ARN of the caller
 * @throws CommandError for missing, expired or foreign credentials, and for a stage that is not deployed
 */
export const checkStage = async (stage: DeployedStage): Promise<string> => {
  const { account, stage: name, inputBucket, outputBucket } = stage.deployment;
  const caller = await stage.sts.send(new GetCallerIdentityCommand({})).catch((cause: unknown) => {
    throw toStageError(cause, "Checking the AWS credentials");
  });
  if (account !== undefined && caller.Account !== account)
    throw new CommandError(
      `The credentials belong to account ${caller.Account}, but stage ${name} is in ${account}. Use credentials of that account.`,
    );
  await checkBucket(stage, inputBucket);
  await checkBucket(stage, outputBucket);
  await checkTable(stage, stage.names.jobsTable);
  return caller.Arn ?? "";
};
