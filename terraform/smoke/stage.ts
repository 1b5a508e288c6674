import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createS3ObjectStore } from "../../adapters/aws/object-store.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { buildDeploymentNames, type Deployment, type DeploymentNames } from "../../modules/names.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";

/** A deployed stage with clients for its resources. */
export interface DeployedStage {
  readonly deployment: Deployment;
  readonly names: DeploymentNames;
  readonly s3: S3Client;
  readonly database: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  readonly objects: ObjectStore;
  readonly jobs: JobStore;
  readonly transcoder: TranscoderStore;
  close(): void;
}

const clock = { now: () => new Date() };

/**
 * Creates the clients of a stage, in its region.
 *
 * @param access overrides credentials and endpoint of the AWS environment
 */
export const openStage = (
  deployment: Deployment,
  access: Pick<STSClientConfig, "credentials" | "endpoint"> = {},
): DeployedStage => {
  const names = buildDeploymentNames(deployment);
  const { region } = deployment;
  const s3 = new S3Client({ ...access, region });
  const database = new DynamoDBClient({ ...access, region });
  const lambda = new LambdaClient({ ...access, region });
  const ssm = new SSMClient({ ...access, region });
  const sts = new STSClient({ ...access, region });
  return {
    deployment,
    names,
    s3,
    database,
    lambda,
    ssm,
    sts,
    objects: createS3ObjectStore(s3),
    jobs: createDynamoJobStore(database, names.jobsTable, clock),
    transcoder: createDynamoTranscoderStore(database, names.transcoderTable, clock),
    close() {
      s3.destroy();
      database.destroy();
      lambda.destroy();
      ssm.destroy();
      sts.destroy();
    },
  };
};
