import type * as z from "zod/mini";
import type { StageStack } from "./stack.ts";
import { workerContainerName } from "./worker-task.ts";

/** The variables of a function's schema, without the region (set by Lambda) and the literals of the bundle. */
export type EnvironmentVariables<Schema extends z.ZodMiniType> = {
  readonly [Name in keyof Omit<z.input<Schema>, "CONFIGURATION" | "REELWAY_VERSION" | "AWS_REGION">]: string;
};

/** Returns the URL of the transcoder API: the configured one, else the stage's own. */
export const getTranscoderEndpoint = (stack: StageStack): string =>
  stack.deployment.transcoderEndpoint ?? stack.importOutput("transcoder", "endpoint");

/** Returns the variables of a function that closes Reelway's jobs. */
export const getJobClosingVariables = (stack: StageStack) => ({
  JOBS_TABLE: stack.names.jobsTable,
  TOPIC_ARN: stack.arns.of("sns", stack.names.finishedJobsTopic),
  TRANSCODER_KEYS_SECRET: stack.names.transcoderKeys,
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: getTranscoderEndpoint(stack),
});

/** Returns the variables of a function that starts worker tasks. */
export const getTaskStartingVariables = (stack: StageStack) => ({
  CLUSTER: stack.names.cluster,
  TASK_DEFINITION: stack.names.workerTaskFamily,
  CONTAINER_NAME: workerContainerName,
  SUBNETS: stack.importOutput("compute", "subnet_ids"),
  SECURITY_GROUPS: stack.importOutput("compute", "task_security_group_id"),
  CAPACITY_PROVIDER: stack.deployment.worker.capacityProvider,
  ASSIGN_PUBLIC_IP: stack.deployment.network === "public" ? "ENABLED" : "DISABLED",
});
