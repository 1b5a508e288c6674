import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { writeAtomically } from "./atomic-file.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** What is undelivered for so long is given up, milliseconds. */
const maxMessageAgeMs = 24 * 3_600_000;
const maxBackoffMs = 60_000;

/** Letters in files, brought one after another to one addressee. */
export interface DeliveryQueue {
  /** Settles once the letter is on the disk: from then on it outlives this process. */
  enqueue(message: string): Promise<void>;
  /** Leaves what is undelivered for the next time. */
  close(): Promise<void>;
}
interface DeliveryQueueOptions {
  readonly directory: string;
  /** Whether a file holds a whole letter: a power failure may have left a part of one. */
  readonly isMessage: (text: string) => boolean;
  /** Rejects where the letter was not taken. */
  readonly deliver: (message: string, signal: AbortSignal) => Promise<void>;
  /** Pause after the first failure, milliseconds; doubled after each further one in a row, up to a minute. */
  readonly initialBackoffMs: number;
  readonly log: Logger;
}

/** Named by the time of their writing, so that they sort by it. */
const messageFileNamePattern = /^(\d{13})-\d{6}\.json$/;

/** Set behind the name of a letter's file that is broken, and that nobody can send. */
const brokenFileSuffix = ".broken";

/** Whether a file in a mailbox's folder is a letter that was not delivered yet. */
export const isMessageFileName = (name: string): boolean => messageFileNamePattern.test(name);

/**
 * Opens a folder of letters and goes on with what lies in it. Each is delivered at least once; one that is not
 * taken goes behind the others, and is given up after a day.
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
      log.error("A message was given up: its subscriber has not taken it for a day", { directory, name });
    else if (isMessage(message)) await deliver(message, stopController.signal);
    else {
      const brokenPath = `${path}${brokenFileSuffix}`;
      log.error("A message is broken and cannot be sent; its file is set aside", { path: brokenPath });
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
        if (failures === 0)
          log.warn("A subscriber did not take a message; it is sent again", { error: cause });
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
