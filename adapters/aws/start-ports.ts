import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import type { StartPorts } from "../../pipeline/jobs/start-job.ts";
import { createCloseJobPorts } from "./close-job-ports.ts";
import { createEcsClient } from "./ecs-client.ts";
import { createS3ObjectLookup } from "./object-lookup.ts";
import { createEcsTaskRunner } from "./task-runner.ts";
import { createDynamoTokenBucket } from "./token-bucket.ts";

/** Environment variables for these ports. */
type StartEnvironment = Parameters<typeof createCloseJobPorts>[1] & {
  readonly ROLE_NAME: string;
  readonly STAGE_NAME: string;
  readonly TRANSCODER_PIPELINE_ID: string;
  readonly CLUSTER: string;
  readonly TASK_DEFINITION: string;
  readonly CONTAINER_NAME: string;
  readonly SUBNETS: readonly string[];
  readonly SECURITY_GROUPS: readonly string[];
  readonly CAPACITY_PROVIDER?: string | undefined;
  readonly ASSIGN_PUBLIC_IP?: "ENABLED" | "DISABLED" | undefined;
};

/** Creates the ports of a function that starts jobs. Called once, at module scope. */
export const createStartPorts = (
  telemetry: Pick<JobPorts, "log" | "metrics">,
  environment: StartEnvironment,
): StartPorts & ReturnType<typeof createCloseJobPorts> => ({
  ...createCloseJobPorts(telemetry, environment),
  objects: createS3ObjectLookup(new S3Client({ region: environment.AWS_REGION })),
  reader: { role: environment.ROLE_NAME, stage: environment.STAGE_NAME },
  tasks: createEcsTaskRunner(createEcsClient({ region: environment.AWS_REGION }), {
    cluster: environment.CLUSTER,
    taskDefinition: environment.TASK_DEFINITION,
    subnets: environment.SUBNETS,
    securityGroups: environment.SECURITY_GROUPS,
    container: environment.CONTAINER_NAME,
    capacityProvider: environment.CAPACITY_PROVIDER,
    assignPublicIp: environment.ASSIGN_PUBLIC_IP,
  }),
  taskStarts: createDynamoTokenBucket(
    new DynamoDBClient({ region: environment.AWS_REGION }),
    environment.JOBS_TABLE,
    { now: () => new Date() },
  ),
  pipelineId: environment.TRANSCODER_PIPELINE_ID,
  jobsTable: environment.JOBS_TABLE,
});
