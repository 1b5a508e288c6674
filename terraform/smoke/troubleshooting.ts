import { buildResourceName, type Deployment, type DeploymentNames } from "../../modules/names.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { Route } from "../../pipeline/routing/route.ts";

interface StageNames {
  readonly deployment: Deployment;
  readonly names: DeploymentNames;
}

/** Names a function's log group and dead-letter queue. */
const describeFunctionLogs = (name: string): string => `log group /aws/lambda/${name} and queue ${name}-dlq`;

/** Names the logs and queues of the component that should have taken the next step. */
const describeLogs = ({ deployment, names }: StageNames, route: Route, job: Job | undefined): string => {
  const worker = `log group /reelway/${names.workerTaskFamily}`;
  const stoppedTasksCommand = `aws ecs list-tasks --cluster ${names.cluster} --desired-status STOPPED --region ${deployment.region}`;
  if (job === undefined)
    return route.trigger === "eventbridge"
      ? `queue ${buildResourceName(deployment, `route-${route.name}`, 54)}-dlq, ${worker}, and: ${stoppedTasksCommand}`
      : describeFunctionLogs(names.router);
  const isStarted = job.engineJobId !== undefined;
  if (job.engine === "elastic-transcoder")
    return isStarted
      ? `${describeFunctionLogs(names.transcoderDispatcher)}, ${describeFunctionLogs(names.transcoderEvents)}, and ${worker}`
      : describeFunctionLogs(names.router);
  if (job.status === "Progressing") return `${worker}, and ${describeFunctionLogs(names.jobEvents)}`;
  return isStarted
    ? `aws ecs describe-tasks --cluster ${names.cluster} --tasks ${job.engineJobId} --region ${deployment.region}`
    : `${describeFunctionLogs(names.router)}, and log group /aws/lambda/${names.reconciler}`;
};

/** Describes a clip whose job did not end in time, and where to look for the cause. */
export const describeUnfinished = (
  stageNames: StageNames,
  { route, key, job }: { readonly route: Route; readonly key: string; readonly job: Job | undefined },
  minutes: number,
): string => {
  const timeLimit = `${minutes} minute${minutes === 1 ? "" : "s"}`;
  if (job?.deferral !== undefined)
    return `route "${route.name}": job ${job.id} cannot be started. ${job.deferral.reason}`;
  const state =
    job === undefined
      ? `no job was created for ${key} within ${timeLimit}`
      : `job ${job.id} is still ${job.status} after ${timeLimit} (attempt ${job.attempt}, ${Math.floor(job.progress.percent)} %, ${job.progress.phase})`;
  return `route "${route.name}": ${state}. Check ${describeLogs(stageNames, route, job)}`;
};
