import { type Deployment, resourceName } from "./naming.ts";

/** The names that several stacks of a deployment know each other's resources by. */
export interface DeploymentNames {
  readonly jobsTable: string;
  readonly transcoderTable: string;
  readonly cluster: string;
  /** Family of the worker's task definition; its roles are this name and `-task`, `-execution`. */
  readonly worker: string;
  readonly router: string;
  readonly topic: string;
  readonly transcoderKeys: string;
}

export const deploymentNames = (deployment: Deployment): DeploymentNames => ({
  jobsTable: resourceName(deployment, "jobs"),
  transcoderTable: resourceName(deployment, "transcoder"),
  cluster: resourceName(deployment, "workers"),
  worker: resourceName(deployment, "ffmpeg", 54),
  router: resourceName(deployment, "router", 64),
  topic: resourceName(deployment, "finished-jobs"),
  transcoderKeys: resourceName(deployment, "transcoder-keys"),
});
