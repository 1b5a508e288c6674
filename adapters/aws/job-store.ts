import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { JobStatus } from "../../pipeline/attempts/job-status.ts";
import { defaultMaxAttempts } from "../../pipeline/attempts/retry-policy.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { hashSource } from "../../pipeline/jobs/job-id.ts";
import type { JobOutcome, JobPage, JobStore } from "../../pipeline/jobs/job-store.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { computeStatusShard } from "../../pipeline/ports/tables.ts";
import {
  addNoReportCondition,
  hasReport,
  isHeldBy,
  noReportCondition,
  notPublishedCondition,
} from "./attempt-conditions.ts";
import type { Item } from "./item.ts";
import {
  describeOmittedOutputs,
  maxHistoryEntries,
  truncateDetail,
  truncateError,
  truncateOutputs,
  truncateReport,
} from "./item-size.ts";
import { createItemStore, type ItemStore, queryAllItems } from "./item-store.ts";
import { toItem, toJob, toJobs, unnotifiedPartition } from "./job-item.ts";
import { readAllListedItems, readListedItems } from "./listing.ts";
import { decodePageCursor, takePage } from "./pages.ts";
import { createPendingJobStore } from "./pending-job-store.ts";
import { createProgressItems } from "./progress-items.ts";
import { queryItemsByStatus } from "./shards.ts";

const openCondition = "#status IN (:submitted, :progressing)";
const openValues = { ":submitted": "Submitted", ":progressing": "Progressing" };
const statusNames = { "#status": "status" };

/** A page of entries of an index, which have keys only. */
type EntryPage = Awaited<ReturnType<typeof takePage>>;

const listByStatus = async (
  items: ItemStore,
  statuses: readonly JobStatus[],
  { limit = 50, cursor }: NonNullable<Parameters<JobStore["list"]>[1]>,
): Promise<EntryPage> => {
  const afterCreatedAtId = decodePageCursor(cursor);
  const query = { ascending: false, afterCreatedAtId, limit: limit + 1 };
  const itemsByCreatedAtId = new Map<string, Item>();
  // One after the other: a job that moves on to a later status between two reads is in the second, if not in the first.
  for (const status of statuses)
    for await (const item of queryItemsByStatus(items, status, query))
      itemsByCreatedAtId.set(String(item.createdAtId), item);
  const newestFirst = [...itemsByCreatedAtId].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, item]) => item);
  return takePage(newestFirst, limit);
};

/** Lists a page of the jobs that have a value of an index's hash key, newest first. */
const listByIndex = async (
  items: ItemStore,
  { index, attribute, value }: { readonly index: string; readonly attribute: string; readonly value: string },
  { limit = 50, cursor }: NonNullable<Parameters<JobStore["list"]>[1]> = {},
): Promise<EntryPage> => {
  const newestFirst = queryAllItems(items, {
    index,
    attribute,
    value,
    ascending: false,
    afterCreatedAtId: decodePageCursor(cursor),
    limit: limit + 1,
  });
  return takePage(newestFirst, limit);
};

/** Creates the store of the `jobs` table, in DynamoDB or in the embedded database of one machine. */
export const createDynamoJobStore = (client: DynamoDBClient, tableName: string, clock: Clock): JobStore => {
  const items = createItemStore(client, tableName);
  const now = () => clock.now().toISOString();
  const progressItems = createProgressItems(items, now);
  const appendHistory = (status: JobStatus, attempt: number, detail: string) => ({
    attribute: "history",
    entry: { at: now(), status, attempt, detail: truncateDetail(detail) },
    maxEntries: maxHistoryEntries,
  });

  const closeJob = async (
    id: string,
    outcome: JobOutcome,
    attempt: number | undefined,
  ): Promise<Job | undefined> => {
    const finishedAt = now();
    const current = attempt === undefined ? await items.get(id) : undefined;
    const { outputs, omittedCount } = truncateOutputs(outcome.status === "Complete" ? outcome.outputs : []);
    const detail =
      omittedCount === 0 ? outcome.detail : `${outcome.detail}; ${describeOmittedOutputs(omittedCount)}`;
    const condition =
      attempt === undefined
        ? `${openCondition} AND ${notPublishedCondition}`
        : `${openCondition} AND attempt = :attempt`;
    const item = await items.update(id, {
      set: {
        status: outcome.status,
        statusShard: computeStatusShard(outcome.status, id),
        unnotified: unnotifiedPartition,
        deferral: undefined,
        updatedAt: finishedAt,
        finishedAt: finishedAt,
        ...(outcome.status === "Complete" ? { outputs, progress: { percent: 100, phase: "complete" } } : {}),
        ...(outcome.status === "Error" ? { error: truncateError(outcome.error) } : {}),
      },
      append: appendHistory(outcome.status, attempt ?? Number(current?.attempt ?? 1), detail),
      condition: addNoReportCondition(condition, outcome.status === "Error" && outcome.unlessReported),
      names: attempt === undefined ? { ...statusNames, "#error": "error" } : statusNames,
      values: attempt === undefined ? openValues : { ...openValues, ":attempt": attempt },
    });
    return progressItems.merge(toJob(item));
  };

  const startNextAttempt = async (
    id: string,
    attempt: number,
    detail: string,
    precondition: { readonly condition: string; readonly values: Readonly<Record<string, unknown>> },
    set: Readonly<Record<string, unknown>>,
  ) =>
    toJob(
      await items.update(id, {
        set: {
          status: "Submitted",
          statusShard: computeStatusShard("Submitted", id),
          attempt: attempt + 1,
          workerId: undefined,
          engineJobId: undefined,
          deferral: undefined,
          report: undefined,
          isPublished: undefined,
          progress: { percent: 0, phase: "waiting for the next attempt" },
          updatedAt: now(),
          ...set,
        },
        append: appendHistory("Submitted", attempt + 1, detail),
        condition: `${precondition.condition} AND attempt = :attempt`,
        names: statusNames,
        values: { ...precondition.values, ":attempt": attempt },
      }),
    );

  /** Reads the jobs of a page. @param isListed whether a job, which may have changed since, belongs to the list */
  const readPage = async (
    page: EntryPage,
    isListed: (job: Job) => boolean = () => true,
  ): Promise<JobPage> => ({
    jobs: await progressItems.mergeAll(toJobs(await readListedItems(items, page.items)).filter(isListed)),
    cursor: page.cursor,
  });

  return {
    ...createPendingJobStore(items, now),
    recordProgress: progressItems.record,
    async recordPhase(id, attempt, workerId, progress, probe) {
      const item = await items.update(id, {
        set: { progress, updatedAt: now(), ...(probe === undefined ? {} : { probe }) },
        condition:
          "#status = :progressing AND attempt = :attempt AND workerId = :workerId AND progress.#percent <= :percent",
        names: { ...statusNames, "#percent": "percent" },
        values: {
          ":progressing": "Progressing",
          ":attempt": attempt,
          ":workerId": workerId,
          ":percent": progress.percent,
        },
      });
      return item !== undefined;
    },
    async claim(job) {
      if (await items.putIfAbsent(toItem(job))) return { claimed: true, job };
      return { claimed: false, job: toJob(await items.get(job.id)) ?? job };
    },
    async read(id) {
      return progressItems.merge(toJob(await items.get(id)));
    },
    async recordStart(id, attempt, engineJobId) {
      const item = await items.update(id, {
        set: { engineJobId, updatedAt: now() },
        condition: `${openCondition} AND attempt = :attempt`,
        names: statusNames,
        values: { ...openValues, ":attempt": attempt },
      });
      return item !== undefined;
    },
    async begin(id, attempt, workerId) {
      const startedAt = now();
      const claimedJob = toJob(
        await items.update(id, {
          set: {
            status: "Progressing",
            statusShard: computeStatusShard("Progressing", id),
            workerId,
            deferral: undefined,
            updatedAt: startedAt,
            startedAt: startedAt,
            progress: { percent: 0, phase: "starting" },
          },
          append: appendHistory("Progressing", attempt, "worker started"),
          condition: `${openCondition} AND attempt = :attempt AND attribute_not_exists(workerId)`,
          names: statusNames,
          values: { ...openValues, ":attempt": attempt },
        }),
      );
      if (claimedJob !== undefined) return claimedJob;
      const currentJob = toJob(await items.get(id));
      return isHeldBy(currentJob, attempt, workerId) && currentJob?.status === "Progressing"
        ? currentJob
        : undefined;
    },
    async markProgressing(id, attempt) {
      const item = await items.update(id, {
        set: {
          status: "Progressing",
          statusShard: computeStatusShard("Progressing", id),
          deferral: undefined,
          progress: { percent: 0, phase: "transcoding" },
          updatedAt: now(),
        },
        append: appendHistory("Progressing", attempt, "transcoder started"),
        condition: "#status = :submitted AND attempt = :attempt",
        names: statusNames,
        values: { ":submitted": "Submitted", ":attempt": attempt },
      });
      return item !== undefined;
    },
    async markPublished(id, attempt) {
      const item = await items.update(id, {
        set: { isPublished: true, updatedAt: now() },
        condition: `${openCondition} AND attempt = :attempt`,
        names: statusNames,
        values: { ...openValues, ":attempt": attempt },
      });
      return item !== undefined;
    },
    async recordReport(id, attempt, workerId, report) {
      const truncatedReport = truncateReport(report);
      const item = await items.update(id, {
        set: { report: truncatedReport, updatedAt: now() },
        condition: `#status = :progressing AND attempt = :attempt AND workerId = :workerId AND ${noReportCondition}`,
        names: statusNames,
        values: { ":progressing": "Progressing", ":attempt": attempt, ":workerId": workerId },
      });
      return item !== undefined || hasReport(toJob(await items.get(id)), attempt, workerId, truncatedReport);
    },
    scheduleNextAttempt: (id, attempt, notBefore, detail, { maxAttempts, deferral, unlessReported } = {}) =>
      startNextAttempt(
        id,
        attempt,
        detail,
        { condition: addNoReportCondition(openCondition, unlessReported), values: openValues },
        { notBefore, deferral, ...(maxAttempts === undefined ? {} : { maxAttempts }) },
      ),
    closeJob: (id, attempt, result) => closeJob(id, result, attempt),
    cancel: (id, detail) => closeJob(id, { status: "Canceled", detail }, undefined),
    reopen: (id, attempt, detail) =>
      startNextAttempt(
        id,
        attempt,
        detail,
        {
          condition: "#status IN (:error, :canceled)",
          values: { ":error": "Error", ":canceled": "Canceled" },
        },
        {
          maxAttempts: attempt + defaultMaxAttempts,
          error: null,
          outputs: [],
          notBefore: undefined,
          hourSlot: undefined,
          unnotified: undefined,
          finishedAt: undefined,
          notifiedAt: undefined,
        },
      ),
    async markNotified(id, attempt) {
      const item = await items.update(id, {
        set: { notifiedAt: now(), unnotified: undefined },
        condition: "attempt = :attempt AND attribute_exists(unnotified)",
        values: { ":attempt": attempt },
      });
      return item !== undefined;
    },
    async remove(id) {
      const isRemoved = await items.removeIf(id, {
        condition: "attribute_not_exists(id) OR #status IN (:complete, :error, :canceled)",
        names: statusNames,
        values: { ":complete": "Complete", ":error": "Error", ":canceled": "Canceled" },
      });
      if (isRemoved) await progressItems.remove(id);
      return isRemoved;
    },
    async list(status, options = {}) {
      const statuses = [status].flat();
      return readPage(await listByStatus(items, statuses, options), (job) => statuses.includes(job.status));
    },
    listByOwner: async (ownerId, options) =>
      readPage(
        await listByIndex(items, { index: "owner-created", attribute: "ownerId", value: ownerId }, options),
      ),
    listBySource: async ({ bucket, key }, options) =>
      readPage(
        await listByIndex(
          items,
          { index: "source", attribute: "sourceHash", value: hashSource(bucket, key) },
          options,
        ),
      ),
    async *listAll(status) {
      const entries = queryItemsByStatus(items, status, { ascending: true });
      for await (const listedItems of readAllListedItems(items, entries))
        yield* await progressItems.mergeAll(toJobs(listedItems).filter((job) => job.status === status));
    },
    async *listUnnotified() {
      const entries = queryAllItems(items, {
        index: "unnotified",
        attribute: "unnotified",
        value: unnotifiedPartition,
        ascending: true,
      });
      for await (const listedItems of readAllListedItems(items, entries))
        yield* toJobs(listedItems.filter(({ unnotified }) => unnotified !== undefined));
    },
    async findBySource(bucket, key) {
      const sourceJobs: Job[] = [];
      const entries = queryAllItems(items, {
        index: "source",
        attribute: "sourceHash",
        value: hashSource(bucket, key),
        ascending: false,
      });
      for await (const listedItems of readAllListedItems(items, entries))
        sourceJobs.push(...(await progressItems.mergeAll(toJobs(listedItems))));
      return sourceJobs;
    },
    async findByEngineJobId(engineJobId) {
      const { items: entries } = await items.query({
        index: "engine-job",
        attribute: "engineJobId",
        value: engineJobId,
        ascending: false,
        limit: 1,
      });
      const id = entries[0]?.id;
      const job = id === undefined ? undefined : toJob(await items.get(String(id)));
      // The index may still have the transcoder job of an earlier attempt.
      return job?.engineJobId === engineJobId ? progressItems.merge(job) : undefined;
    },
    takeHourlySlot: (hour, limit) =>
      items.incrementBelowLimit(
        `hour#${hour}`,
        limit,
        Math.floor(Date.parse(`${hour}:00:00Z`) / 1000) + 172_800,
      ),
  };
};
