import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { Notification } from "../../pipeline/ports/notifier.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { writeAtomically } from "./atomic-file.ts";
import { type DeliveryQueue, openDeliveryQueue } from "./delivery-queue.ts";
import { readJsonFile } from "./json-file.ts";

/** An HTTP subscriber of a topic. */
export interface HttpSubscription {
  /** The topic's ARN. */
  readonly topic: string;
  readonly url: string;
}
/** The HTTP subscribers of one machine's topics, all on loopback. */
export interface HttpSubscriptions {
  list(): readonly HttpSubscription[];
  /** Does nothing if it exists. */
  add(subscription: HttpSubscription): Promise<void>;
  /** Also drops its undelivered messages. Returns false if it did not exist. */
  remove(subscription: HttpSubscription): Promise<boolean>;
  /** Resolves when the message is stored for each subscriber of the topic, before it is delivered. */
  publish(topic: string, notification: Notification): Promise<void>;
  /** Undelivered messages are sent after the next start. */
  close(): Promise<void>;
}

/** Derives a UUID from texts. */
const hashToUuid = (...texts: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify(texts))
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");

const getSubscriptionId = ({ topic, url }: HttpSubscription): string => hashToUuid(topic, url);

/**
 * Builds the message for a notification (Amazon SNS developer guide, "HTTP/HTTPS notification JSON format"), unsigned.
 */
const buildSnsMessage = (topic: string, { id, subject, message }: Notification): string =>
  JSON.stringify(
    {
      Type: "Notification",
      MessageId: hashToUuid(topic, id),
      TopicArn: topic,
      ...(subject === "" ? {} : { Subject: subject }),
      Message: message,
      Timestamp: new Date().toISOString(),
    },
    null,
    2,
  );

const responseTimeoutMs = 15_000;
const messageSchema = z.object({ MessageId: z.string() });

/** Reads and validates the file of an undelivered message. */
export const readUndeliveredMessage = (path: string) => readJsonFile(path, messageSchema);

const isMessage = (text: string): boolean => messageSchema.safeParse(parseJson(text)).success;

/** Posts a message as SNS does ("HTTP/HTTPS headers"). @throws Error unless the response status is 2xx */
const post = async (subscription: HttpSubscription, body: string, signal: AbortSignal): Promise<void> => {
  const response = await fetch(subscription.url, {
    method: "POST",
    // A redirect could leave this machine.
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(responseTimeoutMs)]),
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-message-id": messageSchema.parse(JSON.parse(body)).MessageId,
      "x-amz-sns-topic-arn": subscription.topic,
      "x-amz-sns-subscription-arn": `${subscription.topic}:${getSubscriptionId(subscription)}`,
    },
    body,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${subscription.url} returned status ${response.status}`);
};

const subscriptionSchema = z.object({ topic: z.string(), url: z.string() });
const subscriptionFileName = "subscription.json";

/** Reads and validates a subscription. It is missing if its creation was interrupted. */
export const readSubscription = (directory: string) =>
  readJsonFile(join(directory, subscriptionFileName), subscriptionSchema);

/**
 * Opens the subscriptions in a folder, each with its undelivered messages, and resumes delivery.
 *
 * @param options `initialBackoffMs`: delay before the second try; doubled after each failure, up to a minute
 */
export const openHttpSubscriptions = async (options: {
  readonly directory: string;
  readonly initialBackoffMs: number;
  readonly log: Logger;
}): Promise<HttpSubscriptions> => {
  const { directory, initialBackoffMs, log } = options;
  const openSubscriptions = new Map<
    string,
    { readonly subscription: HttpSubscription; readonly deliveryQueue: DeliveryQueue }
  >();
  const start = async (subscription: HttpSubscription): Promise<void> => {
    const deliveryQueue = await openDeliveryQueue({
      directory: join(directory, getSubscriptionId(subscription)),
      isMessage,
      deliver: (body, signal) => post(subscription, body, signal),
      initialBackoffMs,
      log,
    });
    openSubscriptions.set(getSubscriptionId(subscription), { subscription, deliveryQueue });
  };
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) {
    const file = await readSubscription(join(directory, name));
    if (file.kind === "valid") await start(file.value);
    // Creation or removal was interrupted. An invalid one is kept for the user: it may have undelivered messages.
    else if (file.kind === "missing") await rm(join(directory, name), { recursive: true, force: true });
  }
  // Changes run one at a time.
  const runSerially = pLimit(1);
  return {
    list: () => [...openSubscriptions.values()].map(({ subscription }) => subscription),
    add: (subscription) =>
      runSerially(async () => {
        if (openSubscriptions.has(getSubscriptionId(subscription))) return;
        const folder = join(directory, getSubscriptionId(subscription));
        await mkdir(folder, { recursive: true });
        await writeAtomically(join(folder, subscriptionFileName), JSON.stringify(subscription));
        await start(subscription);
      }),
    remove: (subscription) =>
      runSerially(async () => {
        const id = getSubscriptionId(subscription);
        const entry = openSubscriptions.get(id);
        if (entry === undefined) return false;
        openSubscriptions.delete(id);
        await entry.deliveryQueue.close();
        await rm(join(directory, id, subscriptionFileName), { force: true });
        await rm(join(directory, id), { recursive: true, force: true });
        return true;
      }),
    publish: (topic, notification) =>
      runSerially(async () => {
        for (const { subscription, deliveryQueue } of openSubscriptions.values())
          if (subscription.topic === topic) await deliveryQueue.enqueue(buildSnsMessage(topic, notification));
      }),
    async close() {
      await runSerially(() => undefined);
      await Promise.all([...openSubscriptions.values()].map(({ deliveryQueue }) => deliveryQueue.close()));
    },
  };
};
