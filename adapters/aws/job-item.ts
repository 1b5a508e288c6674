import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { hashSource } from "../../pipeline/jobs/job-id.ts";
import { computeStatusShard, formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item.ts";
import { isJobRecord } from "./shards.ts";

/** More than the minimum of 180 days (docs/architecture.md, "Contracts"). */
const retentionSeconds = 200 * 86_400;
/** The only partition of the index `unnotified`. */
export const unnotifiedPartition = "unnotified";

const isJob = (value: Item): value is Item & Job =>
  isJobRecord(value) && typeof value.source === "object" && value.source !== null;

/** Converts an item to a job, without the table's own attributes; undefined if the item is not a job. */
export const toJob = (item: Item | undefined): Job | undefined => {
  if (item === undefined) return undefined;
  const { createdAtId, statusShard, sourceHash, unnotified, expiresAt, writeToken, isPublished, ...job } =
    item;
  return isJob(job) ? job : undefined;
};

export const toJobs = (items: readonly Item[]): readonly Job[] =>
  items.map(toJob).filter((job) => job !== undefined);

export const toItem = (job: Job): Item => ({
  ...job,
  createdAtId: formatCreatedAtId(job),
  statusShard: computeStatusShard(job.status, job.id),
  sourceHash: hashSource(job.source.bucket, job.source.key),
  unnotified: isTerminal(job.status) ? unnotifiedPartition : undefined,
  expiresAt: Math.floor(Date.parse(job.createdAt) / 1000) + retentionSeconds,
});
