import { type Deployment, type DeploymentNames, resourceName } from "../../modules/names.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { Route } from "../../pipeline/routing/route.ts";

interface Place {
  readonly deployment: Deployment;
  readonly names: DeploymentNames;
}

/** A function's log, and the queue of what it could not take. */
const functionPlaces = (name: string): string => `log group /aws/lambda/${name} and queue ${name}-lost`;

/** Where whoever should have taken the next step of a clip's way tells of it. */
const places = ({ deployment, names }: Place, route: Route, job: Job | undefined): string => {
  const worker = `log group /reelway/${names.worker}`;
  const stopped = `aws ecs list-tasks --cluster ${names.cluster} --desired-status STOPPED --region ${deployment.region}`;
  if (job === undefined)
    return route.trigger === "eventbridge"
      ? `queue ${resourceName(deployment, `route-${route.name}`, 54)}-lost, ${worker}, and: ${stopped}`
      : functionPlaces(names.router);
  const started = job.engineJob !== undefined;
  if (job.engine === "elastic-transcoder")
    return started
      ? `${functionPlaces(names.transcoderDispatcher)}, ${functionPlaces(names.transcoderEvents)}, and ${worker}`
      : functionPlaces(names.router);
  if (job.status === "Progressing") return `${worker}, and ${functionPlaces(names.jobEvents)}`;
  return started
    ? `aws ecs describe-tasks --cluster ${names.cluster} --tasks ${job.engineJob} --region ${deployment.region}`
    : `${functionPlaces(names.router)}, and log group /aws/lambda/${names.reconciler}`;
};

/** In which state a clip is whose time is over, and where to look for why. */
export const unfinished = (
  place: Place,
  { route, key, job }: { readonly route: Route; readonly key: string; readonly job: Job | undefined },
  minutes: number,
): string => {
  const within = `${minutes} minute${minutes === 1 ? "" : "s"}`;
  const state =
    job === undefined
      ? `nothing took ${key} within ${within}`
      : `job ${job.id} is still ${job.status} after ${within} (attempt ${job.attempt}, ${Math.floor(job.progress.percent)} %, ${job.progress.stage})`;
  return `route "${route.name}": ${state}. Look at ${places(place, route, job)}`;
};
