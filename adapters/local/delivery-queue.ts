import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { writeAtomically } from "./atomic-file.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Undelivered messages are dropped after this time. */
const maxMessageAgeMs = 24 * 3_600_000;
const maxBackoffMs = 60_000;

/** A queue of messages in files, delivered one at a time to one subscriber. */
export interface DeliveryQueue {
  /** Resolves when the message is on the disk, where it survives the end of this process. */
  enqueue(message: string): Promise<void>;
  /** Keeps undelivered messages for the next start. */
  close(): Promise<void>;
}
interface DeliveryQueueOptions {
  readonly directory: string;
  /** Checks that a file has a complete message: a power failure may have truncated it. */
  readonly isMessage: (text: string) => boolean;
  /** Rejects if the subscriber did not accept the message. */
  readonly deliver: (message: string, signal: AbortSignal) => Promise<void>;
  /** Delay after the first failure, milliseconds; doubled after each consecutive failure, up to a minute. */
  readonly initialBackoffMs: number;
  readonly log: Logger;
}

/** File names begin with the time of creation, so that they sort by it. */
const messageFileNamePattern = /^(\d{13})-\d{6}\.json$/;

/** Suffix of an invalid message file, which cannot be sent. */
const brokenFileSuffix = ".broken";

/** True if a file in a queue's folder is an undelivered message. */
export const isMessageFileName = (name: string): boolean => messageFileNamePattern.test(name);

/**
 * Opens a folder of messages and resumes delivery. Each message is delivered at least once. A message that is not
 * accepted is moved behind the others and dropped after a day.
 */
export const openDeliveryQueue = async (options: DeliveryQueueOptions): Promise<DeliveryQueue> => {
  const { directory, isMessage, deliver, initialBackoffMs, log } = options;
  await mkdir(directory, { recursive: true });
  const pendingFileNames = (await readdir(directory)).filter(isMessageFileName).sort();
  const stopController = new AbortController();
  let wake = (): void => undefined;
  let count = 0;

  const deliverFile = async (name: string): Promise<void> => {
    const path = join(directory, name);
    const message = await readFile(path, "utf8").catch((cause: unknown) => {
      if (getSystemErrorCode(cause) === "ENOENT") return undefined;
      throw cause;
    });
    if (message === undefined) return;
    if (Date.now() - Number(messageFileNamePattern.exec(name)?.[1]) > maxMessageAgeMs)
      log.error("Message dropped: the subscriber did not accept it within 24 hours", { directory, name });
    else if (isMessage(message)) await deliver(message, stopController.signal);
    else {
      const brokenPath = `${path}${brokenFileSuffix}`;
      log.error("Message file is not valid and was renamed", { path: brokenPath });
      return rename(path, brokenPath);
    }
    await rm(path, { force: true });
  };
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopController.signal.aborted) {
      const [name] = pendingFileNames;
      if (name === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      try {
        await deliverFile(name);
        failures = 0;
        pendingFileNames.shift();
      } catch (cause) {
        if (stopController.signal.aborted) return;
        if (failures === 0) log.warn("Message delivery failed; retrying", { error: cause });
        pendingFileNames.push(...pendingFileNames.splice(0, 1));
        await pause(Math.min(maxBackoffMs, initialBackoffMs * 2 ** failures), undefined, {
          signal: stopController.signal,
        }).catch(() => undefined);
        failures += 1;
      }
    }
  };
  const deliveryLoop = run();
  return {
    async enqueue(message) {
      count = (count + 1) % 1_000_000;
      const name = `${String(Date.now()).padStart(13, "0")}-${String(count).padStart(6, "0")}.json`;
      await writeAtomically(join(directory, name), message);
      pendingFileNames.push(name);
      wake();
    },
    async close() {
      stopController.abort();
      wake();
      await deliveryLoop;
    },
  };
};
