import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { readDeployment } from "./deployment.ts";
import { createStageRequest } from "./stage-request.ts";

const clock = { now: () => new Date() };

/**
 * Opens the job store of a stage with the caller's AWS credentials.
 *
 * @throws UsageError for an unknown stage
 */
export const openStage = async (stage: string) => {
  const { configuration, deployment, names } = await readDeployment(stage);
  const { region } = deployment;
  const database = new DynamoDBClient({ ...commandClientOptions, region });
  return {
    configuration,
    deployment,
    names,
    region,
    database,
    clock,
    jobs: createDynamoJobStore(database, names.jobsTable, clock),
    /** Runs requests to the stage. @throws UserError that says what to do */
    request: createStageRequest({ stage, region, operatorPolicy: names.operatorPolicy }),
  };
};
