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
  let holder: string | undefined;
  const runAsHolder = async (operation: (worker: string) => Promise<boolean>): Promise<boolean> =>
    holder !== undefined && (await operation(holder));
  return {
    async begin(worker) {
      const job = await store.begin(id, attempt, worker);
      if (job === undefined) return undefined;
      holder = worker;
      const specification = buildAttemptSpecification(job);
      if (specification !== undefined) return specification;
      throw new JobFailure(1000, `Job ${id} has no specification. Upload the file again.`);
    },
    recordProgress: (progress, probe) =>
      runAsHolder((worker) => store.progress(id, attempt, worker, progress, probe)),
    recordReport: (report) => runAsHolder((worker) => store.recordReport(id, attempt, worker, report)),
    async readReport() {
      const job = holder === undefined ? undefined : await store.read(id);
      return job?.attempt === attempt && job.worker === holder ? job.report : undefined;
    },
  };
};
