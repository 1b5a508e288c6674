import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { CommandFailed, oneLine } from "../../pipeline/errors/user-error.ts";
import { accessFailure, answerStatus, isUnreachable } from "./aws-failure.ts";
import type { DeployedStage } from "./stage.ts";

const notDeployed = ({ deployment: { stage, region } }: DeployedStage, what: string, cause: unknown) =>
  new CommandFailed(
    `Stage ${stage} is not deployed: there is no ${what} in ${region}. Deploy it first: npx reelway deploy --stage ${stage}`,
    { cause },
  );

const explain = (cause: unknown, what: string): CommandFailed =>
  accessFailure(cause) ??
  new CommandFailed(
    isUnreachable(cause)
      ? `AWS could not be reached: ${oneLine(cause)}`
      : `${what} failed: ${oneLine(cause) || String(cause)}`,
    { cause },
  );

const checkBucket = async (stage: DeployedStage, bucket: string): Promise<void> => {
  try {
    await stage.s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (cause) {
    switch (answerStatus(cause)) {
      case 404:
        throw notDeployed(stage, `bucket ${bucket}`, cause);
      case 301:
        throw new CommandFailed(
          `Bucket ${bucket} lies in another region than ${stage.deployment.region}, the region of stage ${stage.deployment.stage}.`,
          { cause },
        );
      case 403:
        throw (
          accessFailure(cause) ??
          new CommandFailed(
            `Bucket ${bucket} may not be used with these credentials: it is another account's, or s3:ListBucket is missing.`,
            { cause },
          )
        );
      default:
        throw explain(cause, `Looking at bucket ${bucket}`);
    }
  }
};

const checkTable = async (stage: DeployedStage, table: string): Promise<void> => {
  try {
    await stage.database.send(new GetItemCommand({ TableName: table, Key: { id: { S: "none" } } }));
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ResourceNotFoundException")
      throw notDeployed(stage, `table ${table}`, cause);
    throw explain(cause, `Reading table ${table}`);
  }
};

/**
 * Asks who we are, and whether the stage is there, before anything is done.
 *
 * @returns ARN of the caller
 * @throws CommandFailed for credentials that are missing, expired or of another account, and a stage that is not there
 */
export const checkStage = async (stage: DeployedStage): Promise<string> => {
  const { account, stage: name, inputBucket, outputBucket } = stage.deployment;
  const caller = await stage.sts.send(new GetCallerIdentityCommand({})).catch((cause: unknown) => {
    throw explain(cause, "Asking AWS whose credentials these are");
  });
  if (account !== undefined && caller.Account !== account)
    throw new CommandFailed(
      `These credentials are of account ${caller.Account}; stage ${name} is in ${account}.`,
    );
  await checkBucket(stage, inputBucket);
  await checkBucket(stage, outputBucket);
  await checkTable(stage, stage.names.jobsTable);
  return caller.Arn ?? "";
};
