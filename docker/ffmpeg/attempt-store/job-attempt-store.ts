import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification, AttemptStore, Ownership } from "../../../pipeline/jobs/attempt.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { hashSource } from "../../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";

const buildOwnership = ({ id, route, source }: Job): Ownership => ({
  kind: "source",
  job: id,
  route: route ?? "",
  source: hashSource(source.bucket, source.key),
  ...(source.sequencer === undefined ? {} : { sequencer: source.sequencer }),
  ...(source.modifiedAt === undefined ? {} : { modifiedAt: source.modifiedAt }),
});

/** Builds the attempt of a Reelway job; undefined if the job has no specification. */
const buildAttemptSpecification = (job: Job): AttemptSpecification | undefined => {
  if (job.specification === null) return undefined;
  const { recipe, outputBucket, outputKeys, metadata, limits } = job.specification;
  return {
    id: job.id,
    attempt: job.attempt,
    source: job.source,
    recipe,
    outputBucket,
    outputKeys,
    metadata,
    ownership: buildOwnership(job),
    limits,
  };
};

/** Creates the store of one attempt of a Reelway job, in the `jobs` table. */
export const createJobAttemptStore = (store: JobStore, id: string, attempt: number): AttemptStore => {
  let holderId: string | undefined;
  const runAsHolder = async (operation: (workerId: string) => Promise<boolean>): Promise<boolean> =>
    holderId !== undefined && (await operation(holderId));
  return {
    async begin(workerId) {
      const job = await store.begin(id, attempt, workerId);
      if (job === undefined) return undefined;
      holderId = workerId;
      const specification = buildAttemptSpecification(job);
      if (specification !== undefined) return specification;
      throw new JobFailure(1000, `Job ${id} has no specification. Upload the file again.`);
    },
    recordProgress: (progress) =>
      runAsHolder((workerId) => store.recordProgress(id, attempt, workerId, progress)),
    recordPhase: (progress, probe) =>
      runAsHolder((workerId) => store.recordPhase(id, attempt, workerId, progress, probe)),
    recordReport: (report) => runAsHolder((workerId) => store.recordReport(id, attempt, workerId, report)),
    async readReport() {
      const job = holderId === undefined ? undefined : await store.read(id);
      return job?.attempt === attempt && job.workerId === holderId ? job.report : undefined;
    },
  };
};
