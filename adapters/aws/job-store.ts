import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { JobStatus } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { sourceHash } from "../../pipeline/jobs/job-id.ts";
import type { JobEnd, JobPage, JobStore } from "../../pipeline/jobs/job-store.ts";
import { automaticAttempts } from "../../pipeline/jobs/new-job.ts";
import type { Clock } from "../../pipeline/ports/services.ts";
import { statusShard } from "../../pipeline/ports/tables.ts";
import { holdsReport, isHeldBy, unpublished, unreported, whileUnreported } from "./attempt-conditions.ts";
import { fitDetail, fitError, fitOutputs, fitReport, historyEntries, unlistedOutputs } from "./item-size.ts";
import { createItems, eachItem, type Item, type Items } from "./items.ts";
import { toItem, toJob, toJobs, unnotifiedPartition } from "./job-item.ts";
import { pageStart, takePage } from "./pages.ts";
import { itemsOfStatus } from "./shards.ts";

const open = "#status IN (:submitted, :progressing)";
const openValues = { ":submitted": "Submitted", ":progressing": "Progressing" };
const statusName = { "#status": "status" };

const listStatus = async (
  items: Items,
  status: JobStatus,
  { limit = 50, cursor }: NonNullable<Parameters<JobStore["list"]>[1]>,
): Promise<JobPage> => {
  const beyond = pageStart(cursor);
  const query = { ascending: false, beyond, limit: limit + 1 };
  const page = await takePage(itemsOfStatus(items, status, query), limit);
  return { jobs: toJobs(page.items), cursor: page.cursor };
};

/** The `jobs` table on DynamoDB: on AWS, and in process on one machine. */
export const createDynamoJobStore = (client: DynamoDBClient, table: string, clock: Clock): JobStore => {
  const items = createItems(client, table);
  const now = () => clock.now().toISOString();
  const entry = (status: JobStatus, attempt: number, detail: string) => ({
    attribute: "history",
    entry: { at: now(), status, attempt, detail: fitDetail(detail) },
    atMost: historyEntries,
  });

  const end = async (id: string, result: JobEnd, attempt: number | undefined): Promise<Job | undefined> => {
    const finished = now();
    const current = attempt === undefined ? await items.get(id) : undefined;
    const { outputs, unlisted } = fitOutputs(result.status === "Complete" ? result.outputs : []);
    const detail = unlisted === 0 ? result.detail : `${result.detail}; ${unlistedOutputs(unlisted)}`;
    const condition = attempt === undefined ? `${open} AND ${unpublished}` : `${open} AND attempt = :attempt`;
    const item = await items.change(id, {
      set: {
        status: result.status,
        statusShard: statusShard(result.status, id),
        unnotified: unnotifiedPartition,
        updatedAt: finished,
        finishedAt: finished,
        ...(result.status === "Complete" ? { outputs, progress: { percent: 100, stage: "complete" } } : {}),
        ...(result.status === "Error" ? { error: fitError(result.error) } : {}),
      },
      append: entry(result.status, attempt ?? Number(current?.attempt ?? 1), detail),
      condition: whileUnreported(condition, result.status === "Error" && result.unlessReported),
      names: attempt === undefined ? { ...statusName, "#error": "error" } : statusName,
      values: attempt === undefined ? openValues : { ...openValues, ":attempt": attempt },
    });
    return toJob(item);
  };

  const startAgain = async (
    id: string,
    attempt: number,
    detail: string,
    from: { readonly condition: string; readonly values: Readonly<Record<string, unknown>> },
    set: Readonly<Record<string, unknown>>,
  ) =>
    toJob(
      await items.change(id, {
        set: {
          status: "Submitted",
          statusShard: statusShard("Submitted", id),
          attempt: attempt + 1,
          worker: undefined,
          engineJob: undefined,
          report: undefined,
          published: undefined,
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
      return { claimed: false, job: toJob(await items.get(job.id)) ?? job };
    },
    async read(id) {
      return toJob(await items.get(id));
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
      const taken = toJob(
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
          condition: `${open} AND attempt = :attempt AND attribute_not_exists(worker)`,
          names: statusName,
          values: { ...openValues, ":attempt": attempt },
        }),
      );
      if (taken !== undefined) return taken;
      const held = toJob(await items.get(id));
      return isHeldBy(held, attempt, worker) && held?.status === "Progressing" ? held : undefined;
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
    async markPublished(id, attempt) {
      const item = await items.change(id, {
        set: { published: true, updatedAt: now() },
        condition: `${open} AND attempt = :attempt`,
        names: statusName,
        values: { ...openValues, ":attempt": attempt },
      });
      return item !== undefined;
    },
    async report(id, attempt, worker, report) {
      const fitted = fitReport(report);
      const item = await items.change(id, {
        set: { report: fitted, updatedAt: now() },
        condition: `#status = :progressing AND attempt = :attempt AND worker = :worker AND ${unreported}`,
        names: statusName,
        values: { ":progressing": "Progressing", ":attempt": attempt, ":worker": worker },
      });
      return item !== undefined || holdsReport(toJob(await items.get(id)), attempt, worker, fitted);
    },
    nextAttempt: (id, attempt, notBefore, detail, { attemptLimit, unlessReported } = {}) =>
      startAgain(
        id,
        attempt,
        detail,
        { condition: whileUnreported(open, unlessReported), values: openValues },
        { notBefore, ...(attemptLimit === undefined ? {} : { attemptLimit }) },
      ),
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
    list: (status, options = {}) => listStatus(items, status, options),
    async *all(status) {
      for await (const item of itemsOfStatus(items, status, { ascending: true })) yield* toJobs([item]);
    },
    async *unnotified() {
      for await (const item of eachItem(items, {
        index: "unnotified",
        attribute: "unnotified",
        value: unnotifiedPartition,
        ascending: true,
      }))
        yield* toJobs([item]);
    },
    async bySource(bucket, key) {
      const found: Item[] = [];
      for await (const item of eachItem(items, {
        index: "source",
        attribute: "sourceHash",
        value: sourceHash(bucket, key),
        ascending: false,
      }))
        found.push(item);
      return toJobs(found);
    },
    async byEngineJob(engineJob) {
      const { items: found } = await items.query({
        index: "engine-job",
        attribute: "engineJob",
        value: engineJob,
        ascending: false,
        limit: 1,
      });
      return toJobs(found)[0];
    },
    takeHourlySlot: (hour, limit) =>
      items.count(`hour#${hour}`, limit, Math.floor(Date.parse(`${hour}:00:00Z`) / 1000) + 172_800),
  };
};
