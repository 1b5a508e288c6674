import pLimit from "p-limit";
import { createWebhookPost } from "../adapters/aws/webhook-post.ts";
import {
  createWebhookFolder,
  removeAbandonedDeliveries,
  type StoredDelivery,
} from "../adapters/local/webhook-folder.ts";
import { createFileWebhookSecrets } from "../adapters/local/webhook-secrets.ts";
import { localStage } from "../pipeline/configuration/selected-stages.ts";
import { selectWebhooks, type WebhookSettings } from "../pipeline/configuration/webhooks-schema.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import { deliverWebhook } from "../pipeline/webhooks/deliver.ts";
import { buildDelivery, describeDelivery, parseWebhookEvent } from "../pipeline/webhooks/delivery.ts";
import { computeRetryDelaySeconds } from "../pipeline/webhooks/retry-schedule.ts";
import { type Interval, startInterval } from "./interval.ts";

/** The webhooks of one machine. */
export interface LocalWebhooks {
  /** Resolves when the deliveries of a message of the topic are on the disk. */
  send(message: unknown): Promise<void>;
  /** Stops the requests. Pending deliveries continue at the next start. */
  close(): Promise<void>;
}

/** Options of `openWebhooks`. */
export interface OpenWebhooksOptions {
  /** The webhooks of the configuration; those of the stage `local` are used. */
  readonly webhooks: readonly WebhookSettings[];
  /** Folder of the deliveries. */
  readonly directory: string;
  /** Folder of the secrets. */
  readonly secretsDirectory: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Prints a line on the terminal. */
  readonly notify: (line: string) => void;
}

/** Concurrent requests to one endpoint. */
const maxConcurrentRequests = 5;

/**
 * Opens the webhooks of one machine and continues their deliveries. Endpoints may have any address, since the person who
 * runs this machine has chosen them.
 *
 * @throws WebhookSecretError if a secret's file has no valid value
 */
export const openWebhooks = async (options: OpenWebhooksOptions): Promise<LocalWebhooks> => {
  const { directory, clock, log, notify } = options;
  const webhooks = selectWebhooks(options.webhooks, localStage);
  const stop = new AbortController();
  const deliveries = createWebhookFolder(directory);
  const secrets = createFileWebhookSecrets(options.secretsDirectory);
  const ports = {
    post: createWebhookPost({ isAllowedAddress: () => true, signal: stop.signal }),
    readSecrets: secrets.read,
    clock,
  };

  const lastNotices = new Map<string, string>();
  /** Prints a line unless it is the last one of the webhook. */
  const notifyOnce = (webhook: string, line: string): void => {
    if (lastNotices.get(webhook) !== line) notify(line);
    lastNotices.set(webhook, line);
  };

  const deliver = async (webhook: WebhookSettings, delivery: StoredDelivery): Promise<void> => {
    const outcome = await deliverWebhook(ports, webhook, delivery);
    // The request was aborted, which says nothing about the endpoint.
    if (stop.signal.aborted && outcome.kind === "failed") return;
    const attempt = delivery.attempts + 1;
    const details = { webhook: webhook.name, ...describeDelivery(delivery), attempt };
    if (outcome.kind === "delivered") {
      log.info("Webhook delivered", { ...details, httpStatus: outcome.status });
      lastNotices.delete(webhook.name);
      return deliveries.complete(webhook.name, delivery, outcome.at);
    }
    const { failure, isPermanent } = outcome;
    const now = clock.now().getTime();
    const delaySeconds = isPermanent
      ? undefined
      : computeRetryDelaySeconds(attempt, (now - Date.parse(delivery.queuedAt)) / 1000, Math.random());
    const failedDetails = { ...details, httpStatus: failure.status, reason: failure.reason };
    if (delaySeconds === undefined) {
      log.error("Webhook failed; moved to the dead letters", failedDetails);
      notifyOnce(
        webhook.name,
        `Warning: Webhook ${webhook.name} failed: ${failure.reason} The delivery is not retried. To deliver it again: npx reelway webhooks redeliver ${webhook.name} --all-failed`,
      );
      return deliveries.fail(webhook.name, delivery, failure);
    }
    log.warn("Webhook failed; retried later", { ...failedDetails, delaySeconds });
    notifyOnce(
      webhook.name,
      `Warning: Webhook ${webhook.name} failed: ${failure.reason} Deliveries are retried for a day.`,
    );
    await deliveries.fail(webhook.name, delivery, failure, new Date(now + delaySeconds * 1000));
  };

  const deliverDue = async (webhook: WebhookSettings): Promise<void> => {
    const due = await deliveries.listDue(webhook.name, clock.now(), (path, reason) =>
      log.error("The file of a delivery is broken and was renamed", { path, reason }),
    );
    const limit = pLimit(maxConcurrentRequests);
    await Promise.all(
      due.map((delivery) =>
        limit(async () => {
          if (!stop.signal.aborted) await deliver(webhook, delivery);
        }),
      ),
    );
  };

  const intervals = new Map<string, Interval>();
  for (const webhook of webhooks) {
    // The receiver needs the value before the first delivery.
    await secrets.read(webhook);
    await removeAbandonedDeliveries(directory, webhook.name);
    const interval = startInterval(`delivery of webhook ${webhook.name}`, 1, () => deliverDue(webhook), log);
    intervals.set(webhook.name, interval);
    interval.trigger();
  }
  return {
    async send(message) {
      const event = parseWebhookEvent(message);
      if (event === undefined) return;
      for (const webhook of webhooks) {
        const delivery = buildDelivery(webhook, event);
        if (delivery === undefined) continue;
        await deliveries.enqueue(webhook.name, delivery, clock.now());
        intervals.get(webhook.name)?.trigger();
      }
    },
    async close() {
      stop.abort();
      await Promise.all([...intervals.values()].map((interval) => interval.close()));
    },
  };
};
