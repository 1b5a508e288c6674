import type { JobStatus } from "../../pipeline/attempts/job-status.ts";
import { publishingPhase } from "../../pipeline/attempts/leftover-outputs.ts";
import type { JobProgress } from "../../pipeline/attempts/report.ts";
import { isHeldBy } from "./attempt-conditions.ts";
import type { Item } from "./item.ts";
import type { ItemStore } from "./item-store.ts";

/** The attributes of a job's record that its progress is merged with. */
interface ProgressRecord {
  readonly id: string;
  readonly status: JobStatus;
  readonly attempt: number;
  readonly workerId?: string;
  readonly progress: JobProgress;
  readonly updatedAt: string;
}
/** The progress item of a job: the last progress that a worker wrote. It has no attribute of an index. */
interface ProgressItem extends Item {
  readonly attempt: number;
  readonly workerId: string;
  readonly progress: JobProgress;
  readonly updatedAt: string;
}

/** Id of the progress item of a job. Job ids contain no `#`. */
const formatProgressId = (jobId: string): string => `progress#${jobId}`;

const isProgress = (value: unknown): value is JobProgress =>
  typeof value === "object" &&
  value !== null &&
  "percent" in value &&
  typeof value.percent === "number" &&
  "phase" in value &&
  typeof value.phase === "string";

const isProgressItem = (item: Item | undefined): item is ProgressItem =>
  item !== undefined &&
  typeof item.attempt === "number" &&
  typeof item.workerId === "string" &&
  typeof item.updatedAt === "string" &&
  isProgress(item.progress);

/** A worker has begun the current attempt, and the progress is not final. */
const canHaveProgressItem = ({ status, workerId }: ProgressRecord): boolean =>
  workerId !== undefined && status !== "Complete";

/** Merges the item of the job's current attempt. The phase `publishing` of the record is the last one, so it stays. */
const mergeProgress = <Job extends ProgressRecord>(job: Job, item: Item | undefined): Job => {
  if (!isProgressItem(item) || !isHeldBy(job, item.attempt, item.workerId)) return job;
  const { percent, phase } = item.progress;
  const isNewer = percent >= job.progress.percent;
  return {
    ...job,
    ...(isNewer
      ? { progress: { percent, phase: job.progress.phase === publishingPhase ? publishingPhase : phase } }
      : {}),
    updatedAt: item.updatedAt > job.updatedAt ? item.updatedAt : job.updatedAt,
  };
};

/**
 * Creates the store of the progress items of a table's jobs. A write of progress changes no index, and its cost does not
 * depend on the size of the job's record.
 */
export const createProgressItems = (items: ItemStore, now: () => string) => ({
  /**
   * Writes the progress of a worker that holds the current attempt; false if it does not, or if the percentage is lower
   * than before. One item's condition cannot see another item, so the record is read first.
   */
  async record(id: string, attempt: number, workerId: string, progress: JobProgress): Promise<boolean> {
    const job = await items.get(id, ["status", "attempt", "workerId", "progress", "createdAt", "expiresAt"]);
    if (job?.status !== "Progressing" || job.attempt !== attempt || job.workerId !== workerId) return false;
    if (isProgress(job.progress) && job.progress.percent > progress.percent) return false;
    return items.putIf(
      {
        id: formatProgressId(id),
        attempt,
        workerId,
        progress,
        jobCreatedAt: job.createdAt,
        updatedAt: now(),
        expiresAt: job.expiresAt,
      },
      {
        // A later attempt may have begun since the read. The item of a removed record with the same id is replaced.
        condition:
          "attribute_not_exists(id) OR jobCreatedAt <> :jobCreatedAt OR attempt < :attempt OR (attempt = :attempt AND progress.#percent <= :percent)",
        names: { "#percent": "percent" },
        values: { ":jobCreatedAt": job.createdAt, ":attempt": attempt, ":percent": progress.percent },
      },
    );
  },

  /** Returns a job with the progress of its worker. */
  async merge<Job extends ProgressRecord>(job: Job | undefined): Promise<Job | undefined> {
    return job === undefined || !canHaveProgressItem(job)
      ? job
      : mergeProgress(job, await items.get(formatProgressId(job.id)));
  },

  /** Returns jobs with the progress of their workers, eventually consistent. */
  async mergeAll<Job extends ProgressRecord>(jobs: readonly Job[]): Promise<readonly Job[]> {
    const ids = jobs.filter(canHaveProgressItem).map(({ id }) => formatProgressId(id));
    const itemsById = await items.batchGet(ids);
    return jobs.map((job) => mergeProgress(job, itemsById.get(formatProgressId(job.id))));
  },

  remove: (id: string): Promise<boolean> => items.remove(formatProgressId(id)),
});
