import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { processStart } from "../../adapters/local/process-group.ts";
import { CommandFailed, systemCode } from "../failure.ts";

const schema = z.object({
  pid: z.number().int(),
  /** Tells a process from a later one with the same number. */
  processStart: z.string().optional(),
  /** Absent until the runtime listens. */
  port: z.number().int().optional(),
});
type LockRecord = z.infer<typeof schema>;

const readLock = async (path: string): Promise<LockRecord | undefined> => {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT" || cause instanceof SyntaxError) return undefined;
    throw cause;
  }
};

const holderLives = (lock: LockRecord): boolean => {
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

/**
 * Takes a data folder for this process. What a killed runtime left is taken over; should two do so in the same
 * moment, the database's own lock lets only one of them through.
 *
 * @throws CommandFailed where another runtime has the folder
 */
export const takeLock = async (path: string, directory: string): Promise<RuntimeLock> => {
  const own: LockRecord = { pid: process.pid, processStart: processStart(process.pid) };
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await writeFile(path, JSON.stringify(own), { flag: "wx" });
      return {
        announce: (port) => writeAtomically(path, JSON.stringify({ ...own, port })),
        release: () => rm(path, { force: true }),
      };
    } catch (cause) {
      if (systemCode(cause) !== "EEXIST") throw cause;
    }
    const holder = await readLock(path);
    if (holder !== undefined && holderLives(holder))
      throw new CommandFailed(
        `The data folder ${directory} is in use by another runtime (process ${holder.pid}${holder.port === undefined ? "" : `, port ${holder.port}`}). Stop that one, or use another folder with --data DIR.`,
      );
    const aside = `${path}.${randomUUID()}.stale`;
    await rename(path, aside).catch(() => undefined);
    await rm(aside, { force: true });
  }
  throw new CommandFailed(`The data folder ${directory} could not be locked. Try again.`);
};
