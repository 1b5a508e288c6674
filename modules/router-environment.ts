import type * as z from "zod";
import type { Deployment, DeploymentNames } from "../pipeline/deployment/names.ts";
import type { routerEnvironment as schema } from "../pipeline/environment/router.ts";
import { workerContainer } from "./worker.ts";

/** What only AWS or the transcoder's stack can tell; mostly tokens. */
interface Generated {
  readonly topic: string;
  /** Separated by commas. */
  readonly subnets: string;
  readonly securityGroup: string;
  readonly endpoint: string;
  readonly pipelineId: string;
}
/** Lambda sets the region, the bundle holds the configuration. */
type RouterVariables = Omit<z.input<typeof schema>, "CONFIGURATION" | "AWS_REGION" | "CAPACITY_PROVIDER">;

/** The router's variables, exactly those its schema asks for. */
export const routerEnvironment = (
  { outputBucket }: Deployment,
  names: DeploymentNames,
  generated: Generated,
): RouterVariables => ({
  OUTPUT_BUCKET: outputBucket,
  JOBS_TABLE: names.jobsTable,
  TOPIC_ARN: generated.topic,
  TRANSCODER_KEYS_SECRET: names.transcoderKeys,
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: generated.endpoint,
  TRANSCODER_PIPELINE_ID: generated.pipelineId,
  CLUSTER: names.cluster,
  TASK_DEFINITION: names.worker,
  CONTAINER: workerContainer,
  SUBNETS: generated.subnets,
  SECURITY_GROUPS: generated.securityGroup,
});
