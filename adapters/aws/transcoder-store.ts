import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isTerminal, type JobStatus } from "../../pipeline/attempts/job-status.ts";
import type { TranscoderJob, TranscoderOutput } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Clock } from "../../pipeline/ports/services.ts";
import { arrivalOf, statusShard } from "../../pipeline/ports/tables.ts";
import { holdsReport, isHeldBy, unreported, whileUnreported } from "./attempt-conditions.ts";
import { fitDetail, fitError, fitReport, historyEntries } from "./item-size.ts";
import { createItems, eachItem } from "./items.ts";
import { createKindStore } from "./kind-store.ts";
import { pageStart, takePage } from "./pages.ts";
import { itemsOfStatus } from "./shards.ts";
import { pipelineKind, presetKind, toTranscoderJob, toTranscoderJobs } from "./transcoder-item.ts";

const lifetimeSeconds = 200 * 86_400;
const unnotifiedPartition = "unnotified";
const unqueued = { waiting: undefined, running: undefined };
const open = "#status IN (:submitted, :progressing)";
const openValues = { ":submitted": "Submitted", ":progressing": "Progressing" };
const statusName = { "#status": "status" };

const fitOutput = (output: TranscoderOutput): TranscoderOutput =>
  output.statusDetail === undefined ? output : { ...output, statusDetail: fitDetail(output.statusDetail) };

/** The `transcoder` table on DynamoDB: on AWS, and in process on one machine. */
export const createDynamoTranscoderStore = (
  client: DynamoDBClient,
  table: string,
  clock: Clock,
): TranscoderStore => {
  const items = createItems(client, table);
  const pipelines = createKindStore(items, pipelineKind);
  const presets = createKindStore(items, presetKind);
  /** An item that lost its place in the index while the page was read is not there any more. */
  async function* queued(index: "waiting" | "running", pipelineId: string): AsyncGenerator<TranscoderJob> {
    const query = { index, attribute: "pipelineId", value: pipelineId, ascending: true };
    for await (const item of eachItem(items, query)) yield* toTranscoderJobs([item]);
  }
  const now = () => clock.now().toISOString();
  const entry = (status: JobStatus, attempt: number, detail: string) => ({
    attribute: "history",
    entry: { at: now(), status, attempt, detail: fitDetail(detail) },
    atMost: historyEntries,
  });
  const statusOf = (status: JobStatus, id: string) => ({ status, statusShard: statusShard(status, id) });
  const openAttempt = (attempt: number, unlessReported?: boolean) => ({
    condition: whileUnreported(`${open} AND attempt = :attempt`, unlessReported),
    names: statusName,
    values: { ...openValues, ":attempt": attempt },
  });
  const held = (attempt: number, worker: string) => ({
    condition: "#status = :progressing AND attempt = :attempt AND worker = :worker",
    names: statusName,
    values: { ":progressing": "Progressing", ":attempt": attempt, ":worker": worker },
  });
  return {
    async create(job) {
      const item = {
        ...job,
        arrival: arrivalOf(job),
        statusShard: statusShard(job.status, job.id),
        ...(isTerminal(job.status)
          ? {}
          : { [job.task === undefined ? "waiting" : "running"]: arrivalOf(job) }),
        unnotified: isTerminal(job.status) ? unnotifiedPartition : undefined,
        expiresAt: Math.floor(Date.parse(job.createdAt) / 1000) + lifetimeSeconds,
      };
      if (await items.putNew(item)) return job;
      return toTranscoderJob(await items.get(job.id)) ?? job;
    },
    async read(id) {
      return toTranscoderJob(await items.get(id));
    },
    async recordTask(id, attempt, task) {
      return toTranscoderJob(
        await items.change(id, {
          set: { task, waiting: undefined, updatedAt: now() },
          copy: { running: "arrival" },
          ...openAttempt(attempt),
        }),
      );
    },
    async begin(id, attempt, worker) {
      const guard = openAttempt(attempt);
      const taken = toTranscoderJob(
        await items.change(id, {
          set: {
            ...statusOf("Progressing", id),
            worker,
            waiting: undefined,
            startedAt: now(),
            updatedAt: now(),
          },
          copy: { running: "arrival" },
          append: entry("Progressing", attempt, "a worker began"),
          ...guard,
          condition: `${guard.condition} AND attribute_not_exists(worker)`,
        }),
      );
      if (taken !== undefined) return taken;
      const job = toTranscoderJob(await items.get(id));
      return isHeldBy(job, attempt, worker) && job?.status === "Progressing" ? job : undefined;
    },
    async progress(id, attempt, worker, progress, probe) {
      const guard = held(attempt, worker);
      const changed = await items.change(id, {
        set: { progress, updatedAt: now(), ...(probe === undefined ? {} : { probe }) },
        condition: `${guard.condition} AND progress.#percent <= :percent`,
        names: { ...guard.names, "#percent": "percent" },
        values: { ...guard.values, ":percent": progress.percent },
      });
      return changed !== undefined;
    },
    async report(id, attempt, worker, report) {
      const fitted = fitReport(report);
      const guard = held(attempt, worker);
      const changed = await items.change(id, {
        set: { report: fitted, updatedAt: now() },
        ...guard,
        condition: `${guard.condition} AND ${unreported}`,
      });
      return (
        changed !== undefined || holdsReport(toTranscoderJob(await items.get(id)), attempt, worker, fitted)
      );
    },
    async nextAttempt(id, attempt, notBefore, detail, { attemptLimit, unlessReported } = {}) {
      return toTranscoderJob(
        await items.change(id, {
          set: {
            ...statusOf("Submitted", id),
            attempt: attempt + 1,
            worker: undefined,
            task: undefined,
            running: undefined,
            startNotifiedAt: undefined,
            report: undefined,
            notBefore,
            ...(attemptLimit === undefined ? {} : { attemptLimit }),
            progress: { percent: 0, stage: "waiting for another attempt" },
            updatedAt: now(),
          },
          copy: { waiting: "arrival" },
          append: entry("Submitted", attempt + 1, detail),
          ...openAttempt(attempt, unlessReported),
        }),
      );
    },
    async close(id, attempt, end) {
      const finishedAt = now();
      return toTranscoderJob(
        await items.change(id, {
          set: {
            ...statusOf(end.status, id),
            ...unqueued,
            outputs: end.outputs.map(fitOutput),
            playlists: end.playlists,
            unnotified: unnotifiedPartition,
            finishedAt,
            updatedAt: finishedAt,
            ...(end.status === "Error"
              ? { error: fitError(end.error), statusDetail: fitDetail(end.statusDetail) }
              : { progress: { percent: 100, stage: "complete" } }),
          },
          append: entry(end.status, attempt, end.status === "Error" ? end.statusDetail : "complete"),
          ...openAttempt(attempt, end.status === "Error" ? end.unlessReported : undefined),
        }),
      );
    },
    async cancel(id) {
      const finishedAt = now();
      const attempt = Number((await items.get(id))?.attempt ?? 1);
      return toTranscoderJob(
        await items.change(id, {
          set: {
            ...statusOf("Canceled", id),
            ...unqueued,
            finishedAt,
            updatedAt: finishedAt,
            notifiedAt: finishedAt,
          },
          append: entry("Canceled", attempt, "cancelled"),
          condition: "#status = :submitted AND attribute_not_exists(task)",
          names: statusName,
          values: { ":submitted": "Submitted" },
        }),
      );
    },
    async markNotified(id, attempt) {
      const changed = await items.change(id, {
        set: { notifiedAt: now(), unnotified: undefined },
        condition: "attempt = :attempt AND attribute_exists(unnotified)",
        values: { ":attempt": attempt },
      });
      return changed !== undefined;
    },
    async markStartNotified(id, attempt) {
      const changed = await items.change(id, {
        set: { startNotifiedAt: now() },
        condition: "attempt = :attempt AND attribute_not_exists(startNotifiedAt)",
        values: { ":attempt": attempt },
      });
      return changed !== undefined;
    },
    waiting: (pipelineId) => queued("waiting", pipelineId),
    running: (pipelineId) => queued("running", pipelineId),
    async byPipeline(pipelineId, { ascending, limit, cursor }) {
      const query = { index: "pipeline-created", attribute: "pipelineId", value: pipelineId, ascending };
      const beyond = pageStart(cursor);
      const page = await takePage(eachItem(items, { ...query, beyond, limit: limit + 1 }), limit);
      return { entries: toTranscoderJobs(page.items), cursor: page.cursor };
    },
    async byStatus(status, { ascending, limit, cursor }) {
      const query = { ascending, beyond: pageStart(cursor), limit: limit + 1 };
      const page = await takePage(itemsOfStatus(items, status, query), limit);
      return { entries: toTranscoderJobs(page.items), cursor: page.cursor };
    },
    async *unnotified() {
      for await (const item of eachItem(items, {
        index: "unnotified",
        attribute: "unnotified",
        value: unnotifiedPartition,
        ascending: true,
      }))
        yield* toTranscoderJobs([item]);
    },
    createPipeline: pipelines.create,
    readPipeline: pipelines.read,
    updatePipeline: pipelines.update,
    deletePipeline: pipelines.remove,
    listPipelines: pipelines.list,
    pipelines: pipelines.all,
    createPreset: presets.create,
    readPreset: presets.read,
    deletePreset: presets.remove,
    listPresets: presets.list,
  };
};
