import { rm } from "node:fs/promises";
import * as z from "zod";
import { writeAtomically } from "../adapters/local/atomic-file.ts";
import { readJsonFile } from "../adapters/local/json-file.ts";
import { readProcessStart } from "../adapters/local/process-group.ts";
import { CommandError } from "../pipeline/errors/errors.ts";

const runtimeRecordSchema = z.object({
  pid: z.number().int(),
  /** Start time of the process; identifies it if its id is reused. */
  processStart: z.string().optional(),
  /** Absent until the runtime listens. */
  port: z.number().int().optional(),
  /** Token of the command line, if the runtime requires authentication. */
  token: z.string().optional(),
});
type RuntimeRecord = z.infer<typeof runtimeRecordSchema>;

/** Reads and validates the file by which commands find the runtime. */
export const readRuntimeRecord = (path: string) => readJsonFile(path, runtimeRecordSchema);

const readValidRecord = async (path: string): Promise<RuntimeRecord | undefined> => {
  const file = await readRuntimeRecord(path);
  return file.kind === "valid" ? file.value : undefined;
};

/**
 * Whether the process that wrote the record is running. A process in another PID namespace, e.g. in a container, counts
 * as not running.
 */
export const isRunning = (record: RuntimeRecord): boolean => {
  const startTime = readProcessStart(record.pid);
  return startTime !== undefined && startTime === record.processStart;
};

/** How a command reaches a runtime. */
export interface RuntimeAddress {
  readonly port: number;
  /** Only if the runtime requires authentication. */
  readonly token?: string | undefined;
}

/** Returns the address of the running runtime; undefined if none is running. */
export const findRunningAddress = async (path: string): Promise<RuntimeAddress | undefined> => {
  const record = await readValidRecord(path);
  if (record?.port === undefined || !isRunning(record)) return undefined;
  const { port, token } = record;
  return { port, token };
};

const defaultNextStep = "Stop it, or use another folder with --data DIR.";

/**
 * Creates the error for a data folder that is in use, with the process id and the port if the record has them.
 *
 * @param nextStep a sentence
 */
export const createFolderInUseError = async (
  path: string,
  directory: string,
  nextStep = defaultNextStep,
): Promise<CommandError> => {
  const record = await readValidRecord(path);
  const holder =
    record === undefined || !isRunning(record)
      ? ""
      : ` (process ${record.pid}${record.port === undefined ? "" : `, port ${record.port}`})`;
  return new CommandError(
    `The data folder ${directory} is in use by a running runtime${holder}. ${nextStep}`,
  );
};

/** @throws CommandError if a runtime uses the data folder */
export const assertNotRunning = async (path: string, directory: string, nextStep?: string): Promise<void> => {
  const record = await readValidRecord(path);
  if (record !== undefined && isRunning(record))
    throw await createFolderInUseError(path, directory, nextStep);
};

/** The file by which commands find the runtime. */
export interface RuntimeRecordFile {
  /** Adds the address to the record, so that commands find the runtime. */
  publish(address: RuntimeAddress): Promise<void>;
  /** Writes the file again if it has been removed. */
  restore(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Writes the record of this process. The record is not a lock: the caller holds the kernel's lock on the database, which
 * does not depend on this file.
 */
export const writeRuntimeRecord = async (path: string): Promise<RuntimeRecordFile> => {
  const ownRecord: RuntimeRecord = { pid: process.pid, processStart: readProcessStart(process.pid) };
  // Not durable: a power failure ends this process too.
  const write = (record: RuntimeRecord): Promise<void> =>
    writeAtomically(path, JSON.stringify(record), { durable: false, mode: 0o600 });
  let current = ownRecord;
  await write(current);
  return {
    publish(address) {
      current = { ...ownRecord, ...address };
      return write(current);
    },
    async restore() {
      if ((await readRuntimeRecord(path)).kind === "missing") await write(current);
    },
    remove: () => rm(path, { force: true }),
  };
};
