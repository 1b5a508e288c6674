import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isTerminal, type JobStatus } from "../../pipeline/job/status.ts";
import type { Clock } from "../../pipeline/ports/services.ts";
import type { TranscoderStore } from "../../pipeline/ports/transcoder-store.ts";
import { arrivalOf, statusShard } from "../../pipeline/tables.ts";
import type { TranscoderOutput } from "../../pipeline/transcoder/job.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { fitDetail, fitError, fitReport, historyEntries } from "./item-size.ts";
import { createItems, eachItem } from "./items.ts";
import { oldestOfStatus } from "./shards.ts";
import { pipelineItem, toPipeline, toTranscoderJob, toTranscoderJobs } from "./transcoder-item.ts";

const lifetimeSeconds = 200 * 86_400;
const pageSize = 50;
const unnotifiedPartition = "unnotified";
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
  const now = () => clock.now().toISOString();
  const entry = (status: JobStatus, attempt: number, detail: string) => ({
    attribute: "history",
    entry: { at: now(), status, attempt, detail: fitDetail(detail) },
    atMost: historyEntries,
  });
  const statusOf = (status: JobStatus, id: string) => ({ status, statusShard: statusShard(status, id) });
  const openAttempt = (attempt: number) => ({
    condition: `${open} AND attempt = :attempt`,
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
        await items.change(id, { set: { task, updatedAt: now() }, ...openAttempt(attempt) }),
      );
    },
    async begin(id, attempt, worker) {
      const guard = openAttempt(attempt);
      return toTranscoderJob(
        await items.change(id, {
          set: { ...statusOf("Progressing", id), worker, startedAt: now(), updatedAt: now() },
          append: entry("Progressing", attempt, "a worker began"),
          ...guard,
          values: { ...guard.values, ":worker": worker },
          condition: `${guard.condition} AND (attribute_not_exists(worker) OR worker = :worker)`,
        }),
      );
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
      const changed = await items.change(id, {
        set: { report: fitReport(report), updatedAt: now() },
        ...held(attempt, worker),
      });
      return changed !== undefined;
    },
    async nextAttempt(id, attempt, notBefore, detail, attemptLimit) {
      return toTranscoderJob(
        await items.change(id, {
          set: {
            ...statusOf("Submitted", id),
            attempt: attempt + 1,
            worker: undefined,
            task: undefined,
            report: undefined,
            notBefore,
            ...(attemptLimit === undefined ? {} : { attemptLimit }),
            progress: { percent: 0, stage: "waiting for another attempt" },
            updatedAt: now(),
          },
          append: entry("Submitted", attempt + 1, detail),
          ...openAttempt(attempt),
        }),
      );
    },
    async close(id, attempt, end) {
      const finishedAt = now();
      return toTranscoderJob(
        await items.change(id, {
          set: {
            ...statusOf(end.status, id),
            outputs: end.outputs.map(fitOutput),
            unnotified: unnotifiedPartition,
            finishedAt,
            updatedAt: finishedAt,
            ...(end.status === "Error"
              ? { error: fitError(end.error), statusDetail: fitDetail(end.statusDetail) }
              : { progress: { percent: 100, stage: "complete" } }),
          },
          append: entry(end.status, attempt, end.status === "Error" ? end.statusDetail : "complete"),
          ...openAttempt(attempt),
        }),
      );
    },
    async cancel(id) {
      const finishedAt = now();
      const attempt = Number((await items.get(id))?.attempt ?? 1);
      return toTranscoderJob(
        await items.change(id, {
          set: { ...statusOf("Canceled", id), finishedAt, updatedAt: finishedAt, notifiedAt: finishedAt },
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
    async *all(status) {
      for await (const item of oldestOfStatus(items, status)) yield* toTranscoderJobs([item]);
    },
    async byPipeline(pipelineId, ascending, after) {
      const page = await items.query({
        index: "pipeline-created",
        attribute: "pipelineId",
        value: pipelineId,
        ascending,
        limit: pageSize,
        beyond: after === undefined ? undefined : readCursor(after),
      });
      return {
        jobs: toTranscoderJobs(page.items),
        next: page.next === undefined ? undefined : writeCursor(String(page.next.arrival)),
      };
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
    async putPipeline(pipeline) {
      const id = pipelineItem(pipeline.Id);
      const created = await items.putNew({ id, pipeline });
      if (!created) await items.change(id, { set: { pipeline }, condition: "attribute_exists(id)" });
    },
    async readPipeline(id) {
      return toPipeline(await items.get(pipelineItem(id)));
    },
  };
};
