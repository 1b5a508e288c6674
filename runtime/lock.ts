import { rm } from "node:fs/promises";
import * as z from "zod";
import { writeAtomically } from "../adapters/local/atomic-file.ts";
import { readJsonFile } from "../adapters/local/json-file.ts";
import { processStart } from "../adapters/local/process-group.ts";
import { CommandFailed } from "../pipeline/errors/user-error.ts";

const schema = z.object({
  pid: z.number().int(),
  /** Tells a process from a later one with the same number. */
  processStart: z.string().optional(),
  /** Absent until the runtime listens. */
  port: z.number().int().optional(),
});
type RuntimeRecord = z.infer<typeof schema>;

/** Reads the file by which commands find the runtime, and checks its form. */
export const readRecordFile = (path: string) => readJsonFile(path, schema);

const readRecord = async (path: string): Promise<RuntimeRecord | undefined> => {
  const file = await readRecordFile(path);
  return file.kind === "valid" ? file.value : undefined;
};

/**
 * Whether the process that wrote the file runs. One of another id namespace, e.g. of a container, counts as not
 * running: its number means nothing here.
 */
export const isRunning = (record: RuntimeRecord): boolean => {
  const began = processStart(record.pid);
  return began !== undefined && began === record.processStart;
};

/** Port of the runtime that uses a data folder; undefined when none runs. */
export const runningPort = async (path: string): Promise<number | undefined> => {
  const record = await readRecord(path);
  return record !== undefined && isRunning(record) ? record.port : undefined;
};

const anotherFolder = "Stop that one, or use another folder with --data DIR.";

/**
 * Says which runtime uses a data folder, as far as its record tells.
 *
 * @param nextStep what to do, a sentence
 */
export const folderInUse = async (
  path: string,
  directory: string,
  nextStep = anotherFolder,
): Promise<CommandFailed> => {
  const record = await readRecord(path);
  const holder =
    record === undefined || !isRunning(record)
      ? ""
      : ` (process ${record.pid}${record.port === undefined ? "" : `, port ${record.port}`})`;
  return new CommandFailed(
    `The data folder ${directory} is in use by a running runtime${holder}. ${nextStep}`,
  );
};

/** @throws CommandFailed where a runtime that uses the data folder is running */
export const refuseRunning = async (path: string, directory: string, nextStep?: string): Promise<void> => {
  const record = await readRecord(path);
  if (record !== undefined && isRunning(record)) throw await folderInUse(path, directory, nextStep);
};

/** The file by which commands find the runtime. */
export interface RuntimeRecordFile {
  /** Lets commands find the runtime. */
  announce(port: number): Promise<void>;
  /** Writes the file again where it has been removed. */
  restore(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Writes the file for this process. It locks nothing: the caller holds the database, whose lock the kernel keeps
 * and which does not depend on this file.
 */
export const writeRuntimeRecord = async (path: string): Promise<RuntimeRecordFile> => {
  const own: RuntimeRecord = { pid: process.pid, processStart: processStart(process.pid) };
  // Not durable: a power failure ends this process too.
  const write = (record: RuntimeRecord): Promise<void> =>
    writeAtomically(path, JSON.stringify(record), { durable: false });
  let current = own;
  await write(current);
  return {
    announce(port) {
      current = { ...own, port };
      return write(current);
    },
    async restore() {
      if ((await readRecordFile(path)).kind === "missing") await write(current);
    },
    remove: () => rm(path, { force: true }),
  };
};
