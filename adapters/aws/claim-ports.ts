import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import type { ClaimPorts } from "../../pipeline/jobs/claim-upload.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import { createDynamoJobStore } from "./job-store.ts";
import { createS3ObjectLookup } from "./object-lookup.ts";
import { createDynamoSweepStore } from "./sweep-store.ts";

/** Environment variables for these ports. */
interface ClaimEnvironment {
  readonly CONFIGURATION: string;
  readonly OUTPUT_BUCKET: string;
  readonly JOBS_TABLE: string;
  readonly AWS_REGION: string;
  readonly ROLE_NAME: string;
  readonly STAGE_NAME: string;
}

/** Creates the ports of a function that claims uploads. Called once, at module scope. */
export const createClaimPorts = (
  telemetry: Pick<JobPorts, "log" | "metrics">,
  environment: ClaimEnvironment,
): ClaimPorts & Pick<JobPorts, "sweeps"> & { readonly objects: ReturnType<typeof createS3ObjectLookup> } => {
  const region = environment.AWS_REGION;
  const clock = { now: () => new Date() };
  const client = new DynamoDBClient({ region });
  return {
    configuration: parseJobConfiguration(environment.CONFIGURATION),
    outputBucket: environment.OUTPUT_BUCKET,
    jobs: createDynamoJobStore(client, environment.JOBS_TABLE, clock),
    sweeps: createDynamoSweepStore(client, environment.JOBS_TABLE),
    objects: createS3ObjectLookup(new S3Client({ region })),
    reader: { role: environment.ROLE_NAME, stage: environment.STAGE_NAME },
    clock,
    ...telemetry,
  };
};
