import type { Job } from "../jobs/job.ts";
import type { JobStore } from "../jobs/job-store.ts";
import { compareSequencers } from "../jobs/ownership.ts";

type SourceJob = Pick<Job, "source" | "createdAt">;

/** True if a job is of a newer version of the same key than another job. */
export const isNewerVersion = (job: SourceJob, other: SourceJob): boolean => {
  if (job.source.sequencer !== undefined && other.source.sequencer !== undefined)
    return compareSequencers(job.source.sequencer, other.source.sequencer) > 0;
  const getTime = ({ source, createdAt }: SourceJob): string => source.modifiedAt ?? createdAt;
  return Date.parse(getTime(job)) > Date.parse(getTime(other));
};

/** Finds the job whose outputs have replaced those of a job: a Complete one of a newer version of its key. */
export const findSupersedingJob = async (
  jobs: Pick<JobStore, "findBySource">,
  job: Job,
): Promise<Job | undefined> => {
  const { bucket, key } = job.source;
  return (await jobs.findBySource(bucket, key)).find(
    (other) => other.status === "Complete" && other.route === job.route && isNewerVersion(other, job),
  );
};
