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
/** The HTTP subscribers of one machine's topics, on loopback all. */
export interface HttpSubscriptions {
  list(): readonly HttpSubscription[];
  /** Does nothing where it is there already. */
  add(subscription: HttpSubscription): Promise<void>;
  /** Drops what is undelivered too. False where there was none. */
  remove(subscription: HttpSubscription): Promise<boolean>;
  /** Settles once the message is kept for each subscriber of the topic; how long they take to answer is their own. */
  publish(topic: string, notification: Notification): Promise<void>;
  /** What is undelivered is sent after the next opening. */
  close(): Promise<void>;
}

const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/** A URL of this machine's loopback over plain HTTP, as it is kept; undefined for any other. */
export const parseLoopbackUrl = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(text);
  return protocol === "http:" && loopbackHosts.includes(hostname) && `${username}${password}` === ""
    ? href
    : undefined;
};

/** A UUID that is the same for the same texts. */
const hashToUuid = (...texts: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify(texts))
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");

const getSubscriptionId = ({ topic, url }: HttpSubscription): string => hashToUuid(topic, url);

/** What is posted for a notification (Amazon SNS developer guide, "HTTP/HTTPS notification JSON format"), unsigned. */
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

/** Reads the file of an undelivered message and checks its form. */
export const readUndeliveredMessage = (path: string) => readJsonFile(path, messageSchema);

const isMessage = (text: string): boolean => messageSchema.safeParse(parseJson(text)).success;

/** Posts as SNS does ("HTTP/HTTPS headers"). @throws Error unless the answer is a 2xx */
const post = async (subscription: HttpSubscription, body: string, signal: AbortSignal): Promise<void> => {
  const response = await fetch(subscription.url, {
    method: "POST",
    // A redirection could lead off this machine.
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
  if (!response.ok) throw new Error(`${subscription.url} answered ${response.status}`);
};

const subscriptionSchema = z.object({ topic: z.string(), url: z.string() });
const subscriptionFileName = "subscription.json";

/** Reads the file of a subscription's folder and checks its form; one that was not finished has none. */
export const readSubscription = (directory: string) =>
  readJsonFile(join(directory, subscriptionFileName), subscriptionSchema);

/**
 * Opens the subscriptions that a folder keeps, one folder each with its undelivered messages, and goes on sending.
 *
 * @param options `initialBackoffMs`: milliseconds before the second try; doubled after each failure, up to a minute
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
    // Not finished, or not wholly removed. A broken one is left to a person: it may have undelivered messages.
    else if (file.kind === "missing") await rm(join(directory, name), { recursive: true, force: true });
  }
  // One change after another.
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
