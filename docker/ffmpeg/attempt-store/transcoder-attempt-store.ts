import { isTerminal } from "../../../pipeline/attempts/job-status.ts";
import type { PipelineOutputConfig, TranscoderJob } from "../../../pipeline/elastic-transcoder/jobs/job.ts";
import { buildJobRecipe } from "../../../pipeline/elastic-transcoder/jobs/job-recipe.ts";
import type { TranscoderStore } from "../../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { AttemptSpecification, AttemptStore, Ownership } from "../../../pipeline/jobs/attempt.ts";
import { hashSource } from "../../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import type { OutputDestination } from "../../../pipeline/jobs/output-destination.ts";

/** A job of a Reelway route may replace its older outputs. A client's job gets error 3002 for any existing object. */
const buildOwnership = (job: TranscoderJob): Ownership => {
  const { userMetadata } = job;
  const reelwayJob = userMetadata["reelway-job"];
  if (reelwayJob === undefined) return { kind: "strict", job: job.id };
  return {
    kind: "source",
    job: reelwayJob,
    jobAttempt: Number(userMetadata["reelway-attempt"] ?? "1"),
    route: userMetadata["reelway-route"] ?? "",
    source: hashSource(job.inputBucket, job.inputKey),
    sequencer: userMetadata["reelway-sequencer"],
    modifiedAt: userMetadata["reelway-modified"],
  };
};

const toOutputDestination = ({
  Bucket,
  StorageClass,
  Permissions,
}: PipelineOutputConfig): OutputDestination => ({
  bucket: Bucket,
  storageClass: StorageClass,
  grants: Permissions.map(({ GranteeType, Grantee, Access }) => ({
    granteeType: GranteeType,
    grantee: Grantee,
    access: Access,
  })),
});

/** Builds the attempt of a transcoder job. */
export const buildTranscoderSpecification = (job: TranscoderJob): AttemptSpecification => {
  const recipe = buildJobRecipe(job);
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
    destinations: {
      media: toOutputDestination(job.contentConfig),
      thumbnails: toOutputDestination(job.thumbnailConfig),
    },
    ...(job.roleArn === undefined ? {} : { roleArn: job.roleArn }),
    outputKeys: recipe.outputs.map(({ key }) => key),
    metadata: {},
    ownership: buildOwnership(job),
    limits: job.limits,
  };
};

/**
 * Creates the store of one attempt of a transcoder job, in the `transcoder` table. If it belongs to a Reelway job, that
 * job becomes Progressing, and the attempt is lost when that job is closed.
 */
export const createTranscoderAttemptStore = (
  store: TranscoderStore,
  jobs: JobStore,
  id: string,
  attempt: number,
): AttemptStore => {
  let claimedAttempt:
    | { readonly workerId: string; readonly reelwayJob?: string; readonly reelwayAttempt: number }
    | undefined;

  const isReelwayJobActive = async (): Promise<boolean> => {
    if (claimedAttempt?.reelwayJob === undefined) return true;
    const { reelwayJob, reelwayAttempt } = claimedAttempt;
    const job = await jobs.read(reelwayJob);
    if (job === undefined) return true;
    if (isTerminal(job.status) || job.attempt !== reelwayAttempt) return false;
    // Its progress is read from the transcoder job, so it is written once.
    if (job.status === "Submitted") await jobs.markProgressing(reelwayJob, reelwayAttempt);
    return true;
  };
  /** Runs a write to the transcoder job; false if either job is lost. */
  const writeAsHolder = async (write: (workerId: string) => Promise<boolean>): Promise<boolean> => {
    if (claimedAttempt === undefined) return false;
    const [isHolder, isActive] = await Promise.all([write(claimedAttempt.workerId), isReelwayJobActive()]);
    return isHolder && isActive;
  };
  return {
    async begin(workerId) {
      const job = await store.begin(id, attempt, workerId);
      if (job === undefined) return undefined;
      claimedAttempt = {
        workerId,
        reelwayJob: job.userMetadata["reelway-job"],
        reelwayAttempt: Number(job.userMetadata["reelway-attempt"] ?? "1"),
      };
      return (await isReelwayJobActive()) ? buildTranscoderSpecification(job) : undefined;
    },
    recordProgress: (progress) =>
      writeAsHolder((workerId) => store.recordProgress(id, attempt, workerId, progress)),
    recordPhase: (progress, probe) =>
      writeAsHolder((workerId) => store.recordPhase(id, attempt, workerId, progress, probe)),
    async recordReport(report) {
      if (claimedAttempt === undefined) return false;
      const { workerId, reelwayJob, reelwayAttempt } = claimedAttempt;
      // From here on, the Reelway job cannot be canceled, because its outputs are published.
      if (report.error === undefined && reelwayJob !== undefined)
        if (!(await jobs.markPublished(reelwayJob, reelwayAttempt)) && !(await isReelwayJobActive()))
          return false;
      return store.recordReport(id, attempt, workerId, report);
    },
    async readReport() {
      const job = claimedAttempt === undefined ? undefined : await store.read(id);
      return job?.attempt === attempt && job.workerId === claimedAttempt?.workerId ? job.report : undefined;
    },
  };
};
