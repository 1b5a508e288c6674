import { createTranscoderCanceler } from "../../pipeline/elastic-transcoder/jobs/force-cancel.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { listJobs } from "../../pipeline/jobs/list-jobs.ts";
import { type CancelPorts, cancelJob, reopenJob } from "../../pipeline/jobs/operator.ts";
import { createProgressReader } from "./engine-progress.ts";
import type { ApiJobs } from "./ports.ts";

interface DeployedJobsPorts extends Omit<CancelPorts, "transcoder"> {
  readonly transcoderStore: TranscoderStore;
  readonly inputBucket: string;
}

/**
 * Creates the jobs of a stage for the API. It starts no tasks: the reconciler starts a retried job within a minute. The
 * transcoder's table is changed directly, so that the function needs no key of the transcoder API.
 */
export const createDeployedJobs = ({
  transcoderStore,
  inputBucket,
  ...ports
}: DeployedJobsPorts): ApiJobs => {
  const withCurrentProgress = createProgressReader((id) => transcoderStore.read(id));
  const toListedJob = async (job: Job) => ({ job: await withCurrentProgress(job), paths: {} });
  const cancelPorts: CancelPorts = {
    ...ports,
    transcoder: createTranscoderCanceler({ store: transcoderStore, tasks: ports.tasks }),
  };
  return {
    inputBucket,
    async list(query) {
      const { jobs, cursor } = await listJobs(ports.jobs, query);
      return { jobs: await Promise.all(jobs.map(toListedJob)), ...(cursor === undefined ? {} : { cursor }) };
    },
    async find(id, ownerId) {
      const job = await ports.jobs.read(id);
      return job === undefined || (ownerId !== undefined && job.ownerId !== ownerId)
        ? { kind: "missing", message: `Job ${id} does not exist. GET /jobs lists the jobs.` }
        : { kind: "job", ...(await toListedJob(job)) };
    },
    async cancel(id) {
      await cancelJob(cancelPorts, id);
    },
    async retry(id, force) {
      await reopenJob(ports, id, { force });
    },
    // The reconciler and the alarms watch the engines of a stage.
    listEngines: () => [],
  };
};
