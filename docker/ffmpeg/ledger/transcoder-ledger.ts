import { isTerminal } from "../../../pipeline/attempts/job-status.ts";
import type { JobProgress } from "../../../pipeline/attempts/report.ts";
import type { PipelineOutputConfig, TranscoderJob } from "../../../pipeline/elastic-transcoder/jobs/job.ts";
import { jobRecipe } from "../../../pipeline/elastic-transcoder/jobs/job-recipe.ts";
import type { TranscoderStore } from "../../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { sourceHash } from "../../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import type { OutputPlace } from "../../../pipeline/jobs/output-place.ts";
import type { Ledger, Ownership, WorkOrder } from "../../../pipeline/jobs/work-order.ts";

/** A job of Reelway's own route may replace its older outputs; anybody else's gets the strict 3002. */
const ownership = (job: TranscoderJob): Ownership => {
  const { userMetadata } = job;
  const reelwayJob = userMetadata["reelway-job"];
  if (reelwayJob === undefined) return { kind: "strict", job: job.id };
  return {
    kind: "source",
    job: reelwayJob,
    jobAttempt: Number(userMetadata["reelway-attempt"] ?? "1"),
    route: userMetadata["reelway-route"] ?? "",
    source: sourceHash(job.inputBucket, job.inputKey),
    sequencer: userMetadata["reelway-sequencer"],
    modifiedAt: userMetadata["reelway-modified"],
  };
};

const toPlace = ({ Bucket, StorageClass, Permissions }: PipelineOutputConfig): OutputPlace => ({
  bucket: Bucket,
  storageClass: StorageClass,
  grants: Permissions.map(({ GranteeType, Grantee, Access }) => ({
    granteeType: GranteeType,
    grantee: Grantee,
    access: Access,
  })),
});

/** What the worker must do for a job of the transcoder service. */
export const transcoderWorkOrder = (job: TranscoderJob): WorkOrder => {
  const recipe = jobRecipe(job);
  return {
    id: job.id,
    attempt: job.attempt,
    source: {
      bucket: job.inputBucket,
      key: job.inputKey,
      versionId: job.userMetadata["reelway-version"],
      bytes: 0,
    },
    recipe,
    outputBucket: job.outputBucket,
    places: { media: toPlace(job.contentConfig), thumbnails: toPlace(job.thumbnailConfig) },
    ...(job.role === undefined ? {} : { role: job.role }),
    outputKeys: recipe.outputs.map(({ key }) => key),
    metadata: {},
    ownership: ownership(job),
    limits: job.limits,
  };
};

/**
 * The record of one attempt of a transcoder job, in the `transcoder` table. The Reelway job behind it, where
 * there is one, shows the same progress, and the attempt is lost when that job has ended.
 */
export const createTranscoderLedger = (
  store: TranscoderStore,
  jobs: JobStore,
  id: string,
  attempt: number,
): Ledger => {
  let held:
    | { readonly worker: string; readonly reelwayJob?: string; readonly reelwayAttempt: number }
    | undefined;

  const stillWanted = async (progress?: JobProgress): Promise<boolean> => {
    if (held?.reelwayJob === undefined) return true;
    if (progress !== undefined && (await jobs.engineProgress(held.reelwayJob, held.reelwayAttempt, progress)))
      return true;
    const job = await jobs.read(held.reelwayJob);
    return job === undefined || (!isTerminal(job.status) && job.attempt === held.reelwayAttempt);
  };
  return {
    async begin(worker) {
      const job = await store.begin(id, attempt, worker);
      if (job === undefined) return undefined;
      held = {
        worker,
        reelwayJob: job.userMetadata["reelway-job"],
        reelwayAttempt: Number(job.userMetadata["reelway-attempt"] ?? "1"),
      };
      return (await stillWanted()) ? transcoderWorkOrder(job) : undefined;
    },
    async progress(progress, probe) {
      if (held === undefined) return false;
      const [mine, wanted] = await Promise.all([
        store.progress(id, attempt, held.worker, progress, probe),
        stillWanted(progress),
      ]);
      return mine && wanted;
    },
    async report(report) {
      if (held === undefined) return false;
      const { worker, reelwayJob, reelwayAttempt } = held;
      // From here on nobody cancels the Reelway job beside its published outputs.
      if (report.error === undefined && reelwayJob !== undefined)
        if (!(await jobs.markPublished(reelwayJob, reelwayAttempt)) && !(await stillWanted())) return false;
      return store.report(id, attempt, worker, report);
    },
    async readReport() {
      const job = held === undefined ? undefined : await store.read(id);
      return job?.attempt === attempt && job.worker === held?.worker ? job.report : undefined;
    },
  };
};
