import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { hashSource } from "../../pipeline/jobs/job-id.ts";
import { computeStatusShard, formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item-expressions.ts";
import { isJobRecord } from "./shards.ts";

/** More than the 180 days that a record lives at least (docs/architecture.md, "Contracts"). */
const retentionSeconds = 200 * 86_400;
/** The one partition of the index `unnotified`. */
export const unnotifiedPartition = "unnotified";

const isJob = (value: Item): value is Item & Job =>
  isJobRecord(value) && typeof value.source === "object" && value.source !== null;

/** The job of an item, without the attributes that only the table needs; undefined for an item that is no job's. */
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
