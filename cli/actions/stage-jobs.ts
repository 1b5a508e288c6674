import { createEcsClient } from "../../adapters/aws/ecs-client.ts";
import { createEcsTaskStopper } from "../../adapters/aws/task-runner.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import {
  type JobDetails,
  type ListedJob,
  toJobDetails,
  toJobDocument,
} from "../../pipeline/api/job-document.ts";
import type { JobsClient } from "../../pipeline/api/jobs-client.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { createTranscoderCanceler } from "../../pipeline/elastic-transcoder/jobs/force-cancel.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { withEngineProgress } from "../../pipeline/jobs/engine-progress.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import { listJobs } from "../../pipeline/jobs/list-jobs.ts";
import { cancelJobUnnotified, reopenJob } from "../../pipeline/jobs/operator.ts";
import { openStage } from "./open-stage.ts";

const requireCompleteId = (id: string, stage: string): void => {
  if (!isJobId(id))
    throw new UsageError(
      `The id ${id} is not complete. On a stage, an id has 52 characters. To list the ids: npx reelway jobs --stage ${stage}`,
    );
};

/** Opens the jobs of a stage with the caller's AWS credentials. @throws UsageError for an unknown stage */
export const openStageJobs = async (stage: string): Promise<JobsClient> => {
  const { jobs, names, region, database, clock, request } = await openStage(stage);
  const transcoderStore = createDynamoTranscoderStore(database, names.transcoderTable, clock);
  const tasks = createEcsTaskStopper(createEcsClient({ region }), names.cluster);
  const transcoder = createTranscoderCanceler({ store: transcoderStore, tasks });
  /** Adds the progress of the transcoder job. */
  const toListedJob = async (job: Job): Promise<ListedJob> => ({
    job:
      job.engine === "elastic-transcoder" && job.engineJobId !== undefined
        ? withEngineProgress(job, await transcoderStore.read(job.engineJobId))
        : job,
    paths: {},
  });
  const read = async (id: string): Promise<JobDetails> => {
    const job = await jobs.read(id);
    if (job === undefined)
      throw new CommandError(
        `Job ${id} does not exist in stage ${stage}. To list the jobs: npx reelway jobs --stage ${stage}`,
      );
    return toJobDetails(await toListedJob(job));
  };
  /** Changes a job and reads it. */
  const change = (id: string, operation: () => Promise<unknown>) =>
    request(async () => {
      requireCompleteId(id, stage);
      await read(id);
      await operation();
      return read(id);
    });
  return {
    list: (query) =>
      request(async () => {
        const { jobs: listed, cursor } = await listJobs(jobs, query);
        const documents = await Promise.all(
          listed.map((job) => (isTerminal(job.status) ? { job, paths: {} } : toListedJob(job))),
        );
        return { jobs: documents.map(toJobDocument), cursor: cursor ?? null, engines: [] };
      }),
    get: (id) =>
      request(async () => {
        requireCompleteId(id, stage);
        return read(id);
      }),
    cancel: (id) => change(id, () => cancelJobUnnotified({ jobs, tasks, transcoder }, id)),
    retry: (id, force) => change(id, () => reopenJob({ jobs }, id, { force })),
  };
};
