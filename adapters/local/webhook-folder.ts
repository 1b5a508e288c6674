import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { webhookEvents } from "../../pipeline/configuration/webhooks-schema.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { WebhookDelivery } from "../../pipeline/webhooks/delivery.ts";
import type { WebhookFailure, WebhookStatus, WebhookStore } from "../../pipeline/webhooks/webhook-store.ts";
import { createAtomically, removeAbandonedFiles, writeAtomically } from "./atomic-file.ts";
import { type JsonFile, readJsonFile } from "./json-file.ts";
import { getSystemErrorCode } from "./system-error.ts";

const failureSchema = z.object({ at: z.string(), status: z.optional(z.int()), reason: z.string() });
const deliverySchema = z.object({
  id: z.string(),
  /** Id of the job or the appearance. */
  subjectId: z.string(),
  type: z.enum(webhookEvents),
  body: z.string(),
  /** ISO 8601; start of the day of retries. */
  queuedAt: z.string(),
  attempts: z.int(),
  /** ISO 8601. */
  nextAttemptAt: z.string(),
});
/** A delivery in a file, with its next attempt. */
export type StoredDelivery = z.output<typeof deliverySchema>;

const statusSchema = z.object({
  delivered: z.int(),
  lastDeliveredAt: z.optional(z.string()),
  lastFailure: z.optional(failureSchema),
});

/** The deliveries of one machine: a folder per webhook, with a file per delivery named by its `webhook-id`. */
export interface WebhookFolder extends WebhookStore {
  /** Resolves when the delivery is on the disk. Does nothing if it is pending. */
  enqueue(webhook: string, delivery: WebhookDelivery, at: Date): Promise<void>;
  /**
   * Lists the pending deliveries whose next attempt is due, the oldest first. It reads no file again before its next
   * attempt. Broken files are renamed and passed to `onBroken`.
   */
  listDue(
    webhook: string,
    now: Date,
    onBroken: (path: string, reason: string) => void,
  ): Promise<readonly StoredDelivery[]>;
  /** Records an accepted delivery and removes it. */
  complete(webhook: string, delivery: StoredDelivery, at: string): Promise<void>;
  /** Records a failed attempt. @param nextAttemptAt absent: the delivery moves to the dead letters */
  fail(
    webhook: string,
    delivery: StoredDelivery,
    failure: WebhookFailure,
    nextAttemptAt?: Date,
  ): Promise<void>;
}

const fileNamePattern = /^msg_[0-9a-f]{32}\.json$/;

/** Lists the paths of the deliveries in a folder. */
const listFiles = async (directory: string): Promise<readonly string[]> => {
  const names = await readdir(directory).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") return [];
    throw cause;
  });
  return names.filter((name) => fileNamePattern.test(name)).map((name) => join(directory, name));
};

/** Reads the file of a delivery. */
const readDelivery = (path: string): Promise<JsonFile<StoredDelivery>> => readJsonFile(path, deliverySchema);

/** Creates the view on a folder of deliveries. It creates nothing until a delivery is queued. */
export const createWebhookFolder = (root: string): WebhookFolder => {
  const pathOf = (webhook: string, ...names: readonly string[]) => join(root, webhook, ...names);
  const pendingPath = (webhook: string, id = "") => pathOf(webhook, "pending", id && `${id}.json`);
  const deadLetterPath = (webhook: string, id = "") => pathOf(webhook, "dead-letter", id && `${id}.json`);

  const readCounts = async (webhook: string): Promise<z.output<typeof statusSchema>> => {
    const file = await readJsonFile(pathOf(webhook, "status.json"), statusSchema);
    return file.kind === "valid" ? file.value : { delivered: 0 };
  };
  /** Times of the next attempts (ISO 8601) by path, for each webhook. */
  const nextAttempts = new Map<string, Map<string, string>>();
  // Changes run one at a time. Only the runtime makes them.
  const runSerially = pLimit(1);
  const changeCounts = (
    webhook: string,
    change: (counts: z.output<typeof statusSchema>) => z.output<typeof statusSchema>,
  ): Promise<void> =>
    runSerially(async () =>
      writeAtomically(pathOf(webhook, "status.json"), JSON.stringify(change(await readCounts(webhook))), {
        durable: false,
      }),
    );
  const queue = async (webhook: string, delivery: StoredDelivery): Promise<void> => {
    await mkdir(pendingPath(webhook), { recursive: true });
    await createAtomically(pendingPath(webhook, delivery.id), JSON.stringify(delivery));
  };

  return {
    enqueue: (webhook, { id, subjectId, type, body }, at) =>
      queue(webhook, {
        id,
        subjectId,
        type,
        body,
        queuedAt: at.toISOString(),
        attempts: 0,
        nextAttemptAt: at.toISOString(),
      }),
    async listDue(webhook, now, onBroken) {
      const deliveries: StoredDelivery[] = [];
      const paths = await listFiles(pendingPath(webhook));
      const knownTimes = nextAttempts.get(webhook);
      const times = new Map<string, string>();
      nextAttempts.set(webhook, times);
      const isDue = (time: string): boolean => time <= now.toISOString();
      for (const path of paths) {
        const knownTime = knownTimes?.get(path);
        if (knownTime !== undefined && !isDue(knownTime)) {
          times.set(path, knownTime);
          continue;
        }
        const file = await readDelivery(path);
        if (file.kind === "valid") {
          times.set(path, file.value.nextAttemptAt);
          if (isDue(file.value.nextAttemptAt)) deliveries.push(file.value);
        } else if (file.kind !== "missing") {
          await rename(path, `${path}.broken`);
          onBroken(path, file.reason);
        }
      }
      return deliveries.sort((a, b) => a.queuedAt.localeCompare(b.queuedAt));
    },
    async complete(webhook, { id }, at) {
      await changeCounts(webhook, (counts) => ({
        ...counts,
        delivered: counts.delivered + 1,
        lastDeliveredAt: at,
      }));
      await rm(pendingPath(webhook, id), { force: true });
    },
    async fail(webhook, delivery, failure, nextAttemptAt) {
      await changeCounts(webhook, (counts) => ({ ...counts, lastFailure: failure }));
      const text = JSON.stringify({
        ...delivery,
        attempts: delivery.attempts + 1,
        ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: nextAttemptAt.toISOString() }),
      });
      if (nextAttemptAt !== undefined) return writeAtomically(pendingPath(webhook, delivery.id), text);
      await mkdir(deadLetterPath(webhook), { recursive: true });
      await writeAtomically(deadLetterPath(webhook, delivery.id), text);
      await rm(pendingPath(webhook, delivery.id), { force: true });
    },
    async readStatus(webhook): Promise<WebhookStatus> {
      const [pending, deadLetters, counts] = await Promise.all([
        listFiles(pendingPath(webhook)),
        listFiles(deadLetterPath(webhook)),
        readCounts(webhook),
      ]);
      return { ...counts, pending: pending.length, deadLetter: deadLetters.length };
    },
    async redeliver(webhook, isSelected) {
      const ids: string[] = [];
      const now = new Date().toISOString();
      for (const path of await listFiles(deadLetterPath(webhook))) {
        const file = await readDelivery(path);
        if (file.kind !== "valid" || !isSelected(file.value)) continue;
        await queue(webhook, { ...file.value, queuedAt: now, attempts: 0, nextAttemptAt: now });
        await rm(path, { force: true });
        ids.push(file.value.id);
      }
      return ids;
    },
  };
};

/** Finds the files of a webhook's deliveries that are not valid, without changing any. */
export const findBrokenDeliveries = async (
  root: string,
  webhook: string,
): Promise<readonly { readonly path: string; readonly reason: string }[]> => {
  const broken: { path: string; reason: string }[] = [];
  for (const folder of ["pending", "dead-letter"])
    for (const path of await listFiles(join(root, webhook, folder))) {
      const file = await readDelivery(path);
      if (file.kind === "empty" || file.kind === "broken") broken.push({ path, reason: file.reason });
    }
  return broken;
};

/** Removes the temporary files of killed processes. */
export const removeAbandonedDeliveries = async (root: string, webhook: string): Promise<void> => {
  for (const directory of [
    join(root, webhook),
    join(root, webhook, "pending"),
    join(root, webhook, "dead-letter"),
  ])
    await removeAbandonedFiles(directory);
};
