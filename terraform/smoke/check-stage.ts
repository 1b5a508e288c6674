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
    `Stage ${stage} is not deployed: there is no ${resource} in ${region}. Deploy it first: npx reelway deploy --stage ${stage}`,
    { cause },
  );

const toStageError = (cause: unknown, operation: string): CommandError =>
  toAccessError(cause) ??
  new CommandError(
    listCauses(cause).some(isNetworkError)
      ? `AWS could not be reached: ${formatError(cause)}`
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
          `Bucket ${bucket} lies in another region than ${stage.deployment.region}, the region of stage ${stage.deployment.stage}.`,
          { cause },
        );
      case 403:
        throw (
          toAccessError(cause) ??
          new CommandError(
            `Bucket ${bucket} may not be used with these credentials: it is another account's, or s3:ListBucket is missing.`,
            { cause },
          )
        );
      default:
        throw toStageError(cause, `Looking at bucket ${bucket}`);
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
 * Asks who we are, and whether the stage is there, before anything is done.
 *
 * @returns ARN of the caller
 * @throws CommandError for credentials that are missing, expired or of another account, and a stage that is not there
 */
export const checkStage = async (stage: DeployedStage): Promise<string> => {
  const { account, stage: name, inputBucket, outputBucket } = stage.deployment;
  const caller = await stage.sts.send(new GetCallerIdentityCommand({})).catch((cause: unknown) => {
    throw toStageError(cause, "Asking AWS whose credentials these are");
  });
  if (account !== undefined && caller.Account !== account)
    throw new CommandError(
      `These credentials are of account ${caller.Account}; stage ${name} is in ${account}.`,
    );
  await checkBucket(stage, inputBucket);
  await checkBucket(stage, outputBucket);
  await checkTable(stage, stage.names.jobsTable);
  return caller.Arn ?? "";
};
