import { randomUUID } from "node:crypto";
import { link, rename, rm } from "node:fs/promises";
import * as z from "zod";
import { createAtomically, writeAtomically } from "../../adapters/local/atomic-file.ts";
import { readJsonFile } from "../../adapters/local/json-file.ts";
import { processStart } from "../../adapters/local/process-group.ts";
import { CommandFailed } from "../failure.ts";

const schema = z.object({
  pid: z.number().int(),
  /** Tells a process from a later one with the same number. */
  processStart: z.string().optional(),
  /** Absent until the runtime listens. */
  port: z.number().int().optional(),
});
type LockRecord = z.infer<typeof schema>;

/** Reads the file of a lock and checks its form. */
export const readLockFile = (path: string) => readJsonFile(path, schema);

const readLock = async (path: string): Promise<LockRecord | undefined> => {
  const file = await readLockFile(path);
  return file.kind === "valid" ? file.value : undefined;
};

/** Whether the process that wrote a lock runs. */
export const holderLives = (lock: LockRecord): boolean => {
  const began = processStart(lock.pid);
  return began !== undefined && began === lock.processStart;
};

/** Port of the runtime that holds a data folder; undefined when none runs. */
export const runningPort = async (path: string): Promise<number | undefined> => {
  const lock = await readLock(path);
  return lock !== undefined && holderLives(lock) ? lock.port : undefined;
};

/** A held lock. */
export interface RuntimeLock {
  /** Lets commands find the runtime. */
  announce(port: number): Promise<void>;
  release(): Promise<void>;
}

/** Moves a stale lock away; one that another process put in its place meanwhile goes back. */
const removeStale = async (path: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}.stale`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readLock(aside);
  if (moved !== undefined && holderLives(moved)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
};

/**
 * Takes a data folder for this process. What a killed runtime left is taken over; should two do so in the same
 * moment, the database's own lock lets only one of them through.
 *
 * @throws CommandFailed where another runtime has the folder
 */
export const takeLock = async (path: string, directory: string): Promise<RuntimeLock> => {
  const own: LockRecord = { pid: process.pid, processStart: processStart(process.pid) };
  for (let tries = 0; tries < 3; tries += 1) {
    // Not durable: a power failure ends the process that holds the lock.
    if (await createAtomically(path, JSON.stringify(own), { durable: false }))
      return {
        announce: (port) => writeAtomically(path, JSON.stringify({ ...own, port }), { durable: false }),
        release: () => rm(path, { force: true }),
      };
    const holder = await readLock(path);
    if (holder !== undefined && holderLives(holder))
      throw new CommandFailed(
        `The data folder ${directory} is in use by another runtime (process ${holder.pid}${holder.port === undefined ? "" : `, port ${holder.port}`}). Stop that one, or use another folder with --data DIR.`,
      );
    await removeStale(path);
  }
  throw new CommandFailed(`The data folder ${directory} could not be locked. Try again.`);
};
