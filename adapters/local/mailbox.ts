import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../pipeline/ports/services.ts";
import { writeAtomically } from "./atomic-file.ts";
import { systemCode } from "./system-code.ts";

/** What is undelivered for so long is given up, milliseconds. */
const patience = 24 * 3_600_000;
const longestPause = 60_000;

/** Letters in files, brought one after another to one addressee. */
export interface Mailbox {
  /** Settles once the letter is on the disk: from then on it outlives this process. */
  put(letter: string): Promise<void>;
  /** Leaves what is undelivered for the next time. */
  close(): Promise<void>;
}
interface MailboxOptions {
  readonly directory: string;
  /** Whether a file holds a whole letter: a power failure may have left a part of one. */
  readonly isLetter: (text: string) => boolean;
  /** Rejects where the letter was not taken. */
  readonly deliver: (letter: string, signal: AbortSignal) => Promise<void>;
  /** Pause after the first failure, milliseconds; doubled after each further one in a row, up to a minute. */
  readonly firstPause: number;
  readonly log: Log;
}

/** Named by the time of their writing, so that they sort by it. */
const letterName = /^(\d{13})-\d{6}\.json$/;

/** Set behind the name of a letter's file that is broken, and that nobody can send. */
const brokenEnding = ".broken";

/** Whether a file in a mailbox's folder is a letter that was not delivered yet. */
export const isLetterName = (name: string): boolean => letterName.test(name);

/**
 * Opens a folder of letters and goes on with what lies in it. Each is delivered at least once; one that is not
 * taken goes behind the others, and is given up after a day.
 */
export const openMailbox = async (options: MailboxOptions): Promise<Mailbox> => {
  const { directory, isLetter, deliver, firstPause, log } = options;
  await mkdir(directory, { recursive: true });
  const waiting = (await readdir(directory)).filter(isLetterName).sort();
  const stop = new AbortController();
  let wake = (): void => undefined;
  let count = 0;

  const bring = async (name: string): Promise<void> => {
    const path = join(directory, name);
    const letter = await readFile(path, "utf8").catch((cause: unknown) => {
      if (systemCode(cause) === "ENOENT") return undefined;
      throw cause;
    });
    if (letter === undefined) return;
    if (Date.now() - Number(letterName.exec(name)?.[1]) > patience)
      log.error("A message was given up: its subscriber has not taken it for a day", { directory, name });
    else if (isLetter(letter)) await deliver(letter, stop.signal);
    else {
      const broken = `${path}${brokenEnding}`;
      log.error("A message is broken and cannot be sent; its file is set aside", { path: broken });
      return rename(path, broken);
    }
    await rm(path, { force: true });
  };
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stop.signal.aborted) {
      const [name] = waiting;
      if (name === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      try {
        await bring(name);
        failures = 0;
        waiting.shift();
      } catch (cause) {
        if (stop.signal.aborted) return;
        if (failures === 0)
          log.warn("A subscriber did not take a message; it is sent again", { cause: String(cause) });
        waiting.push(...waiting.splice(0, 1));
        await pause(Math.min(longestPause, firstPause * 2 ** failures), undefined, {
          signal: stop.signal,
        }).catch(() => undefined);
        failures += 1;
      }
    }
  };
  const running = run();
  return {
    async put(letter) {
      count = (count + 1) % 1_000_000;
      const name = `${String(Date.now()).padStart(13, "0")}-${String(count).padStart(6, "0")}.json`;
      await writeAtomically(join(directory, name), letter);
      waiting.push(name);
      wake();
    },
    async close() {
      stop.abort();
      wake();
      await running;
    },
  };
};
