import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { sourceHash } from "../../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import type { Ledger, Ownership, WorkOrder } from "../../../pipeline/jobs/work-order.ts";

const ownership = ({ id, route, source }: Job): Ownership => ({
  kind: "source",
  job: id,
  route: route ?? "",
  source: sourceHash(source.bucket, source.key),
  ...(source.sequencer === undefined ? {} : { sequencer: source.sequencer }),
  ...(source.modifiedAt === undefined ? {} : { modifiedAt: source.modifiedAt }),
});

/** What the worker must do for a job of Reelway; undefined for a job that has no specification. */
const workOrder = (job: Job): WorkOrder | undefined => {
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
    ownership: ownership(job),
    limits,
  };
};

/** The record of one attempt of a Reelway job, in the `jobs` table. */
export const createJobLedger = (store: JobStore, id: string, attempt: number): Ledger => {
  let holder: string | undefined;
  const asHolder = async (act: (worker: string) => Promise<boolean>): Promise<boolean> =>
    holder !== undefined && (await act(holder));
  return {
    async begin(worker) {
      const job = await store.begin(id, attempt, worker);
      if (job === undefined) return undefined;
      holder = worker;
      const order = workOrder(job);
      if (order !== undefined) return order;
      throw new JobFailure(1000, `Job ${id} has no specification. Upload the file again.`);
    },
    progress: (progress, probe) => asHolder((worker) => store.progress(id, attempt, worker, progress, probe)),
    report: (report) => asHolder((worker) => store.report(id, attempt, worker, report)),
    async readReport() {
      const job = holder === undefined ? undefined : await store.read(id);
      return job?.attempt === attempt && job.worker === holder ? job.report : undefined;
    },
  };
};
