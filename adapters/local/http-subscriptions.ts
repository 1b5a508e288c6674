import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log, Notification } from "../../pipeline/ports/services.ts";
import * as z from "../../pipeline/schema/z.ts";
import { writeAtomically } from "./atomic-file.ts";
import { readJsonFile } from "./json-file.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";

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

const hosts = ["127.0.0.1", "localhost", "[::1]"];

/** A URL of this machine's loopback over plain HTTP, as it is kept; undefined for any other. */
export const loopbackUrl = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(text);
  return protocol === "http:" && hosts.includes(hostname) && `${username}${password}` === ""
    ? href
    : undefined;
};

/** A UUID that is the same for the same texts. */
const uuidOf = (...texts: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify(texts))
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");

const idOf = ({ topic, url }: HttpSubscription): string => uuidOf(topic, url);

/** What is posted for a notification (Amazon SNS developer guide, "HTTP/HTTPS notification JSON format"), unsigned. */
const envelope = (topic: string, { id, subject, message }: Notification): string =>
  JSON.stringify(
    {
      Type: "Notification",
      MessageId: uuidOf(topic, id),
      TopicArn: topic,
      ...(subject === "" ? {} : { Subject: subject }),
      Message: message,
      Timestamp: new Date().toISOString(),
    },
    null,
    2,
  );

const answerMilliseconds = 15_000;
const letter = z.object({ MessageId: z.string() });

/** Reads the file of an undelivered message and checks its form. */
export const readLetter = (path: string) => readJsonFile(path, letter);

const isLetter = (text: string): boolean => {
  try {
    return letter.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

/** Posts as SNS does ("HTTP/HTTPS headers"). @throws Error unless the answer is a 2xx */
const post = async (subscription: HttpSubscription, body: string, signal: AbortSignal): Promise<void> => {
  const response = await fetch(subscription.url, {
    method: "POST",
    // A redirection could lead off this machine.
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMilliseconds)]),
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-message-id": letter.parse(JSON.parse(body)).MessageId,
      "x-amz-sns-topic-arn": subscription.topic,
      "x-amz-sns-subscription-arn": `${subscription.topic}:${idOf(subscription)}`,
    },
    body,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${subscription.url} answered ${response.status}`);
};

const kept = z.object({ topic: z.string(), url: z.string() });
const describe = "subscription.json";

/** Reads the file of a subscription's folder and checks its form; one that was not finished has none. */
export const readSubscription = (directory: string) => readJsonFile(join(directory, describe), kept);

/**
 * Opens the subscriptions that a folder keeps, one folder each with its undelivered messages, and goes on sending.
 *
 * @param options `firstPause`: milliseconds before the second try; doubled after each failure, up to a minute
 */
export const openHttpSubscriptions = async (options: {
  readonly directory: string;
  readonly firstPause: number;
  readonly log: Log;
}): Promise<HttpSubscriptions> => {
  const { directory, firstPause, log } = options;
  const open = new Map<string, { readonly subscription: HttpSubscription; readonly mailbox: Mailbox }>();
  const start = async (subscription: HttpSubscription): Promise<void> => {
    const mailbox = await openMailbox({
      directory: join(directory, idOf(subscription)),
      isLetter,
      deliver: (body, signal) => post(subscription, body, signal),
      firstPause,
      log,
    });
    open.set(idOf(subscription), { subscription, mailbox });
  };
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) {
    const file = await readSubscription(join(directory, name));
    if (file.kind === "valid") await start(file.value);
    // Not finished, or not wholly removed. A broken one is left to a person: it may have undelivered messages.
    else if (file.kind === "missing") await rm(join(directory, name), { recursive: true, force: true });
  }
  // One change after another.
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    const turn = tail.then(act);
    tail = turn.catch(() => undefined);
    return turn;
  };
  return {
    list: () => [...open.values()].map(({ subscription }) => subscription),
    add: (subscription) =>
      inTurn(async () => {
        if (open.has(idOf(subscription))) return;
        const folder = join(directory, idOf(subscription));
        await mkdir(folder, { recursive: true });
        await writeAtomically(join(folder, describe), JSON.stringify(subscription));
        await start(subscription);
      }),
    remove: (subscription) =>
      inTurn(async () => {
        const id = idOf(subscription);
        const found = open.get(id);
        if (found === undefined) return false;
        open.delete(id);
        await found.mailbox.close();
        await rm(join(directory, id, describe), { force: true });
        await rm(join(directory, id), { recursive: true, force: true });
        return true;
      }),
    publish: (topic, notification) =>
      inTurn(async () => {
        for (const { subscription, mailbox } of open.values())
          if (subscription.topic === topic) await mailbox.put(envelope(topic, notification));
      }),
    async close() {
      await tail;
      await Promise.all([...open.values()].map(({ mailbox }) => mailbox.close()));
    },
  };
};
