import type * as z from "zod/mini";
import type { StageStack } from "./stack.ts";
import { workerContainerName } from "./worker-task.ts";

/** What a function's schema asks for; Lambda sets the region, and the bundle holds the configuration. */
export type EnvironmentVariables<Schema extends z.ZodMiniType> = {
  readonly [Name in keyof Omit<z.input<Schema>, "CONFIGURATION" | "AWS_REGION">]: string;
};

/** Where the stage's transcoder is: its own API, or the one that the configuration names. */
export const getTranscoderEndpoint = (stack: StageStack): string =>
  stack.deployment.transcoderEndpoint ?? stack.importOutput("transcoder", "endpoint");

/** The variables of a function that ends Reelway's jobs. */
export const getJobClosingVariables = (stack: StageStack) => ({
  JOBS_TABLE: stack.names.jobsTable,
  TOPIC_ARN: stack.arns.of("sns", stack.names.finishedJobsTopic),
  TRANSCODER_KEYS_SECRET: stack.names.transcoderKeys,
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: getTranscoderEndpoint(stack),
});

/** The variables of a function that starts workers. */
export const getTaskStartingVariables = (stack: StageStack) => ({
  CLUSTER: stack.names.cluster,
  TASK_DEFINITION: stack.names.workerTaskFamily,
  CONTAINER_NAME: workerContainerName,
  SUBNETS: stack.importOutput("compute", "subnet_ids"),
  SECURITY_GROUPS: stack.importOutput("compute", "task_security_group_id"),
  CAPACITY_PROVIDER: stack.deployment.worker.capacityProvider,
  ASSIGN_PUBLIC_IP: stack.deployment.network === "public" ? "ENABLED" : "DISABLED",
});
