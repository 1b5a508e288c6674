import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sourceHash } from "../../pipeline/job/id.ts";
import type { Job } from "../../pipeline/job/job.ts";
import { isTerminal, type JobStatus } from "../../pipeline/job/status.ts";
import { automaticAttempts } from "../../pipeline/jobs/new-job.ts";
import type { JobEnd, JobPage, JobStore } from "../../pipeline/ports/job-store.ts";
import type { Clock } from "../../pipeline/ports/services.ts";
import * as z from "../../pipeline/schema/z.ts";
import { arrivalOf, statusShard, statusShards } from "../../pipeline/tables.ts";
import { createItems, eachItem, type Item, type Items } from "./items.ts";

/** Records live at least 180 days (DESIGN 5). */
const lifetimeSeconds = 200 * 86_400;
const unnotifiedPartition = "unnotified";
const open = "#status IN (:submitted, :progressing)";
const openValues = { ":submitted": "Submitted", ":progressing": "Progressing" };
const statusName = { "#status": "status" };

/** Attributes of the item that are no part of the job. */
const bookkeeping = ["arrival", "statusShard", "sourceHash", "unnotified", "expiresAt"];

const toJob = (item: Item): Job =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !bookkeeping.includes(name))) as unknown as Job;

const toItem = (job: Job): Item => ({
  ...job,
  arrival: arrivalOf(job),
  statusShard: statusShard(job.status, job.id),
  sourceHash: sourceHash(job.source.bucket, job.source.key),
  unnotified: isTerminal(job.status) ? unnotifiedPartition : undefined,
  expiresAt: Math.floor(Date.parse(job.createdAt) / 1000) + lifetimeSeconds,
});

const cursorSchema = z.object({ arrival: z.string(), id: z.string() });

const shardNames = (status: JobStatus): readonly string[] =>
  Array.from({ length: statusShards }, (_, shard) => `${status}#${shard}`);

const newestFirst = (a: Job, b: Job): number =>
  a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1;

/** A page over all shards: each is asked for a whole page, the newest of all are kept. */
const listStatus = async (
  items: Items,
  status: JobStatus,
  limit: number,
  cursor: string | undefined,
): Promise<JobPage> => {
  const from = cursor === undefined ? undefined : cursorSchema.parse(JSON.parse(cursor));
  const pages = await Promise.all(
    shardNames(status).map((statusShardName) =>
      items.query({
        index: "status-created",
        attribute: "statusShard",
        value: statusShardName,
        ascending: false,
        limit: limit + 1,
        after: from === undefined ? undefined : { ...from, statusShard: statusShardName },
      }),
    ),
  );
  const jobs = pages.flatMap((page) => page.items.map(toJob)).sort(newestFirst);
  const page = jobs.slice(0, limit);
  const last = page.at(-1);
  const more = jobs.length > limit && last !== undefined;
  return {
    jobs: page,
    cursor: more ? JSON.stringify({ arrival: arrivalOf(last), id: last.id }) : undefined,
  };
};

/** The `jobs` table on DynamoDB: on AWS, and in process on one machine. */
export const createDynamoJobStore = (client: DynamoDBClient, table: string, clock: Clock): JobStore => {
  const items = createItems(client, table);
  const now = () => clock.now().toISOString();
  const entry = (status: JobStatus, attempt: number, detail: string) => ({
    attribute: "history",
    entries: [{ at: now(), status, attempt, detail: detail.slice(0, 500) }],
  });
  const changed = (item: Item | undefined) => (item === undefined ? undefined : toJob(item));

  const end = async (id: string, result: JobEnd, attempt: number | undefined): Promise<Job | undefined> => {
    const finished = now();
    const current = attempt === undefined ? await items.get(id) : undefined;
    const item = await items.change(id, {
      set: {
        status: result.status,
        statusShard: statusShard(result.status, id),
        unnotified: unnotifiedPartition,
        updatedAt: finished,
        finishedAt: finished,
        ...(result.status === "Complete"
          ? { outputs: result.outputs, progress: { percent: 100, stage: "complete" } }
          : {}),
        ...(result.status === "Error" ? { error: result.error } : {}),
      },
      append: entry(result.status, attempt ?? Number(current?.attempt ?? 1), result.detail),
      condition: attempt === undefined ? open : `${open} AND attempt = :attempt`,
      names: statusName,
      values: attempt === undefined ? openValues : { ...openValues, ":attempt": attempt },
    });
    return changed(item);
  };

  const startAgain = async (
    id: string,
    attempt: number,
    detail: string,
    from: { readonly condition: string; readonly values: Readonly<Record<string, unknown>> },
    set: Readonly<Record<string, unknown>>,
  ) =>
    changed(
      await items.change(id, {
        set: {
          status: "Submitted",
          statusShard: statusShard("Submitted", id),
          attempt: attempt + 1,
          worker: undefined,
          engineJob: undefined,
          report: undefined,
          progress: { percent: 0, stage: "waiting for another attempt" },
          updatedAt: now(),
          ...set,
        },
        append: entry("Submitted", attempt + 1, detail),
        condition: `${from.condition} AND attempt = :attempt`,
        names: statusName,
        values: { ...from.values, ":attempt": attempt },
      }),
    );

  return {
    async claim(job) {
      if (await items.putNew(toItem(job))) return { claimed: true, job };
      const stored = await items.get(job.id);
      return { claimed: false, job: stored === undefined ? job : toJob(stored) };
    },
    async read(id) {
      return changed(await items.get(id));
    },
    async recordStart(id, attempt, engineJob) {
      const item = await items.change(id, {
        set: { engineJob, updatedAt: now() },
        condition: `${open} AND attempt = :attempt`,
        names: statusName,
        values: { ...openValues, ":attempt": attempt },
      });
      return item !== undefined;
    },
    async begin(id, attempt, worker) {
      const started = now();
      return changed(
        await items.change(id, {
          set: {
            status: "Progressing",
            statusShard: statusShard("Progressing", id),
            worker,
            updatedAt: started,
            startedAt: started,
            progress: { percent: 0, stage: "starting" },
          },
          append: entry("Progressing", attempt, "a worker began"),
          condition: `${open} AND attempt = :attempt AND (attribute_not_exists(worker) OR worker = :worker)`,
          names: statusName,
          values: { ...openValues, ":attempt": attempt, ":worker": worker },
        }),
      );
    },
    async progress(id, attempt, worker, progress, probe) {
      const item = await items.change(id, {
        set: {
          progress,
          updatedAt: now(),
          ...(probe === undefined ? {} : { probe }),
        },
        condition:
          "#status = :progressing AND attempt = :attempt AND worker = :worker AND progress.#percent <= :percent",
        names: { ...statusName, "#percent": "percent" },
        values: {
          ":progressing": "Progressing",
          ":attempt": attempt,
          ":worker": worker,
          ":percent": progress.percent,
        },
      });
      return item !== undefined;
    },
    async engineProgress(id, attempt, progress) {
      const item = await items.change(id, {
        set: {
          status: "Progressing",
          statusShard: statusShard("Progressing", id),
          progress,
          updatedAt: now(),
        },
        condition: `${open} AND attempt = :attempt AND progress.#percent <= :percent`,
        names: { ...statusName, "#percent": "percent" },
        values: { ...openValues, ":attempt": attempt, ":percent": progress.percent },
      });
      return item !== undefined;
    },
    async report(id, attempt, worker, report) {
      const item = await items.change(id, {
        set: { report, updatedAt: now() },
        condition: "#status = :progressing AND attempt = :attempt AND worker = :worker",
        names: statusName,
        values: { ":progressing": "Progressing", ":attempt": attempt, ":worker": worker },
      });
      return item !== undefined;
    },
    nextAttempt: (id, attempt, notBefore, detail) =>
      startAgain(id, attempt, detail, { condition: open, values: openValues }, { notBefore }),
    close: (id, attempt, result) => end(id, result, attempt),
    cancel: (id, detail) => end(id, { status: "Canceled", detail }, undefined),
    reopen: (id, attempt, detail) =>
      startAgain(
        id,
        attempt,
        detail,
        {
          condition: "#status IN (:error, :canceled)",
          values: { ":error": "Error", ":canceled": "Canceled" },
        },
        {
          attemptLimit: attempt + automaticAttempts,
          error: null,
          outputs: [],
          notBefore: undefined,
          unnotified: undefined,
          finishedAt: undefined,
          notifiedAt: undefined,
        },
      ),
    async markNotified(id, attempt) {
      const item = await items.change(id, {
        set: { notifiedAt: now(), unnotified: undefined },
        condition: "attempt = :attempt AND attribute_exists(unnotified)",
        values: { ":attempt": attempt },
      });
      return item !== undefined;
    },
    list: (status, options = {}) => listStatus(items, status, options.limit ?? 50, options.cursor),
    async *all(status) {
      for (const value of shardNames(status))
        for await (const item of eachItem(items, {
          index: "status-created",
          attribute: "statusShard",
          value,
          ascending: true,
        }))
          yield toJob(item);
    },
    async *unnotified() {
      for await (const item of eachItem(items, {
        index: "unnotified",
        attribute: "unnotified",
        value: unnotifiedPartition,
        ascending: true,
      }))
        yield toJob(item);
    },
    async bySource(bucket, key) {
      const found: Job[] = [];
      for await (const item of eachItem(items, {
        index: "source",
        attribute: "sourceHash",
        value: sourceHash(bucket, key),
        ascending: false,
      }))
        found.push(toJob(item));
      return found;
    },
    async byEngineJob(engineJob) {
      const { items: found } = await items.query({
        index: "engine-job",
        attribute: "engineJob",
        value: engineJob,
        ascending: false,
        limit: 1,
      });
      const item = found[0];
      return item === undefined ? undefined : toJob(item);
    },
    takeHourlySlot: (hour, limit) =>
      items.count(`hour#${hour}`, limit, Math.floor(Date.parse(`${hour}:00:00Z`) / 1000) + 172_800),
  };
};
