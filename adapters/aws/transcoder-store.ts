import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isTerminal, type JobStatus } from "../../pipeline/attempts/job-status.ts";
import type { TranscoderJob, TranscoderOutput } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type {
  TranscoderPage,
  TranscoderStore,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { computeStatusShard, formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import { addNoReportCondition, hasReport, isHeldBy, noReportCondition } from "./attempt-conditions.ts";
import { maxHistoryEntries, truncateDetail, truncateError, truncateReport } from "./item-size.ts";
import { createItemStore, maxBatchKeys, queryAllItems } from "./item-store.ts";
import { readAllListedItems, readListedItems } from "./listing.ts";
import { decodePageCursor, takePage } from "./pages.ts";
import { createProgressItems } from "./progress-items.ts";
import { createResourceStore } from "./resource-store.ts";
import { queryItemsByStatus } from "./shards.ts";
import { pipelineResource, presetResource, toTranscoderJob, toTranscoderJobs } from "./transcoder-item.ts";

const retentionSeconds = 200 * 86_400;
const unnotifiedPartition = "unnotified";
/** Number of pending or running jobs that are read at once. */
const queueBatchSize = 25;
const clearedQueueAttributes = { pending: undefined, running: undefined };
const openCondition = "#status IN (:submitted, :progressing)";
const openValues = { ":submitted": "Submitted", ":progressing": "Progressing" };
const statusNames = { "#status": "status" };

const truncateOutput = (output: TranscoderOutput): TranscoderOutput =>
  output.statusDetail === undefined
    ? output
    : { ...output, statusDetail: truncateDetail(output.statusDetail) };

/** Creates the store of the `transcoder` table, in DynamoDB or in the embedded database of one machine. */
export const createDynamoTranscoderStore = (
  client: DynamoDBClient,
  tableName: string,
  clock: Clock,
): TranscoderStore => {
  const items = createItemStore(client, tableName);
  const pipelines = createResourceStore(items, pipelineResource);
  const presets = createResourceStore(items, presetResource);
  /**
   * Reads an index of pending or running jobs, oldest first. Most readers need the first few. Jobs that leave the index
   * while a page is read may be omitted.
   */
  async function* queryQueue(
    index: "pending" | "running",
    pipelineId: string,
  ): AsyncGenerator<TranscoderJob> {
    const entries = queryAllItems(items, {
      index,
      attribute: "pipelineId",
      value: pipelineId,
      ascending: true,
      limit: maxBatchKeys,
    });
    for await (const listedItems of readAllListedItems(items, entries, queueBatchSize))
      yield* toTranscoderJobs(listedItems.filter((item) => item[index] !== undefined));
  }
  const now = () => clock.now().toISOString();
  const progressItems = createProgressItems(items, now);
  const appendHistory = (status: JobStatus, attempt: number, detail: string) => ({
    attribute: "history",
    entry: { at: now(), status, attempt, detail: truncateDetail(detail) },
    maxEntries: maxHistoryEntries,
  });
  const setStatus = (status: JobStatus, id: string) => ({
    status,
    statusShard: computeStatusShard(status, id),
  });
  const requireOpenAttempt = (attempt: number, unlessReported?: boolean) => ({
    condition: addNoReportCondition(`${openCondition} AND attempt = :attempt`, unlessReported),
    names: statusNames,
    values: { ...openValues, ":attempt": attempt },
  });
  const requireWorker = (attempt: number, workerId: string) => ({
    condition: "#status = :progressing AND attempt = :attempt AND workerId = :workerId",
    names: statusNames,
    values: { ":progressing": "Progressing", ":attempt": attempt, ":workerId": workerId },
  });
  /** Reads the jobs of a page. @param isListed whether a job, which may have changed since, belongs to the list */
  const readPage = async (
    page: Awaited<ReturnType<typeof takePage>>,
    isListed: (job: TranscoderJob) => boolean = () => true,
  ): Promise<TranscoderPage<TranscoderJob>> => ({
    entries: await progressItems.mergeAll(
      toTranscoderJobs(await readListedItems(items, page.items)).filter(isListed),
    ),
    cursor: page.cursor,
  });
  return {
    async create(job) {
      const item = {
        ...job,
        createdAtId: formatCreatedAtId(job),
        statusShard: computeStatusShard(job.status, job.id),
        ...(isTerminal(job.status)
          ? {}
          : { [job.taskId === undefined ? "pending" : "running"]: formatCreatedAtId(job) }),
        unnotified: isTerminal(job.status) ? unnotifiedPartition : undefined,
        expiresAt: Math.floor(Date.parse(job.createdAt) / 1000) + retentionSeconds,
      };
      if (await items.putIfAbsent(item)) return job;
      return toTranscoderJob(await items.get(job.id)) ?? job;
    },
    async read(id) {
      return progressItems.merge(toTranscoderJob(await items.get(id)));
    },
    async recordTask(id, attempt, taskId) {
      return toTranscoderJob(
        await items.update(id, {
          set: { taskId, pending: undefined, updatedAt: now() },
          copy: { running: "createdAtId" },
          ...requireOpenAttempt(attempt),
        }),
      );
    },
    async begin(id, attempt, workerId) {
      const guard = requireOpenAttempt(attempt);
      const claimedJob = toTranscoderJob(
        await items.update(id, {
          set: {
            ...setStatus("Progressing", id),
            workerId,
            pending: undefined,
            deferral: undefined,
            startedAt: now(),
            updatedAt: now(),
          },
          copy: { running: "createdAtId" },
          append: appendHistory("Progressing", attempt, "worker started"),
          ...guard,
          condition: `${guard.condition} AND attribute_not_exists(workerId)`,
        }),
      );
      if (claimedJob !== undefined) return claimedJob;
      const job = toTranscoderJob(await items.get(id));
      return isHeldBy(job, attempt, workerId) && job?.status === "Progressing" ? job : undefined;
    },
    recordProgress: progressItems.record,
    async recordPhase(id, attempt, workerId, progress, probe) {
      const guard = requireWorker(attempt, workerId);
      const item = await items.update(id, {
        set: { progress, updatedAt: now(), ...(probe === undefined ? {} : { probe }) },
        condition: `${guard.condition} AND progress.#percent <= :percent`,
        names: { ...guard.names, "#percent": "percent" },
        values: { ...guard.values, ":percent": progress.percent },
      });
      return item !== undefined;
    },
    async recordReport(id, attempt, workerId, report) {
      const truncatedReport = truncateReport(report);
      const guard = requireWorker(attempt, workerId);
      const item = await items.update(id, {
        set: { report: truncatedReport, updatedAt: now() },
        ...guard,
        condition: `${guard.condition} AND ${noReportCondition}`,
      });
      return (
        item !== undefined ||
        hasReport(toTranscoderJob(await items.get(id)), attempt, workerId, truncatedReport)
      );
    },
    async scheduleNextAttempt(
      id,
      attempt,
      notBefore,
      detail,
      { maxAttempts, deferral, unlessReported } = {},
    ) {
      return toTranscoderJob(
        await items.update(id, {
          set: {
            ...setStatus("Submitted", id),
            attempt: attempt + 1,
            workerId: undefined,
            taskId: undefined,
            running: undefined,
            startNotifiedAt: undefined,
            report: undefined,
            notBefore,
            deferral,
            ...(maxAttempts === undefined ? {} : { maxAttempts }),
            progress: { percent: 0, phase: "waiting for the next attempt" },
            updatedAt: now(),
          },
          copy: { pending: "createdAtId" },
          append: appendHistory("Submitted", attempt + 1, detail),
          ...requireOpenAttempt(attempt, unlessReported),
        }),
      );
    },
    async closeJob(id, attempt, outcome) {
      const finishedAt = now();
      return progressItems.merge(
        toTranscoderJob(
          await items.update(id, {
            set: {
              ...setStatus(outcome.status, id),
              ...clearedQueueAttributes,
              outputs: outcome.outputs.map(truncateOutput),
              playlists: outcome.playlists,
              unnotified: unnotifiedPartition,
              finishedAt,
              updatedAt: finishedAt,
              ...(outcome.status === "Error"
                ? { error: truncateError(outcome.error), statusDetail: truncateDetail(outcome.statusDetail) }
                : { progress: { percent: 100, phase: "complete" } }),
            },
            append: appendHistory(
              outcome.status,
              attempt,
              outcome.status === "Error" ? outcome.statusDetail : "complete",
            ),
            ...requireOpenAttempt(attempt, outcome.status === "Error" ? outcome.unlessReported : undefined),
          }),
        ),
      );
    },
    async cancel(id) {
      const finishedAt = now();
      const attempt = Number((await items.get(id))?.attempt ?? 1);
      return toTranscoderJob(
        await items.update(id, {
          set: {
            ...setStatus("Canceled", id),
            ...clearedQueueAttributes,
            finishedAt,
            updatedAt: finishedAt,
            notifiedAt: finishedAt,
          },
          append: appendHistory("Canceled", attempt, "canceled"),
          condition: "#status = :submitted AND attribute_not_exists(taskId)",
          names: statusNames,
          values: { ":submitted": "Submitted" },
        }),
      );
    },
    async markNotified(id, attempt) {
      const item = await items.update(id, {
        set: { notifiedAt: now(), unnotified: undefined },
        condition: "attempt = :attempt AND attribute_exists(unnotified)",
        values: { ":attempt": attempt },
      });
      return item !== undefined;
    },
    async markStartNotified(id, attempt) {
      const item = await items.update(id, {
        set: { startNotifiedAt: now() },
        condition: "attempt = :attempt AND attribute_not_exists(startNotifiedAt)",
        values: { ":attempt": attempt },
      });
      return item !== undefined;
    },
    listPending: (pipelineId) => queryQueue("pending", pipelineId),
    listRunning: (pipelineId) => queryQueue("running", pipelineId),
    async listByPipeline(pipelineId, { ascending, limit, cursor }) {
      const query = { index: "pipeline-created", attribute: "pipelineId", value: pipelineId, ascending };
      const afterCreatedAtId = decodePageCursor(cursor);
      const page = await takePage(
        queryAllItems(items, { ...query, afterCreatedAtId, limit: limit + 1 }),
        limit,
      );
      return readPage(page);
    },
    async listByStatus(status, { ascending, limit, cursor }) {
      const query = { ascending, afterCreatedAtId: decodePageCursor(cursor), limit: limit + 1 };
      const page = await takePage(queryItemsByStatus(items, status, query), limit);
      return readPage(page, (job) => job.status === status);
    },
    async *listUnnotified() {
      const entries = queryAllItems(items, {
        index: "unnotified",
        attribute: "unnotified",
        value: unnotifiedPartition,
        ascending: true,
      });
      for await (const listedItems of readAllListedItems(items, entries))
        yield* toTranscoderJobs(listedItems.filter(({ unnotified }) => unnotified !== undefined));
    },
    createPipeline: pipelines.create,
    readPipeline: pipelines.read,
    updatePipeline: pipelines.update,
    deletePipeline: pipelines.remove,
    listPipelines: pipelines.list,
    listAllPipelines: pipelines.listAll,
    createPreset: presets.create,
    readPreset: presets.read,
    deletePreset: presets.remove,
    listPresets: presets.list,
  };
};
