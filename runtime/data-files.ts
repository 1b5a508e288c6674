import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeAbandonedFiles } from "../adapters/local/atomic-file.ts";
import { isMessageFileName } from "../adapters/local/delivery-queue.ts";
import { readSubscription, readUndeliveredMessage } from "../adapters/local/http-subscriptions.ts";
import type { JsonFile } from "../adapters/local/json-file.ts";
import { readSecretsFile } from "../adapters/local/secrets.ts";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { createTaskRecordStore } from "../adapters/local/task-record.ts";
import { CommandError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import type { DataFolder } from "./data-folder.ts";
import { readImportIndex } from "./import-index.ts";

/** A file of the data folder that is not as the runtime wrote it. */
export interface DataFileProblem {
  /** Absolute. */
  readonly path: string;
  /** `error`: the runtime cannot work with it. `warning`: it goes on, with the loss that `consequence` names. */
  readonly severity: "error" | "warning";
  /** Completes "FILE …". */
  readonly reason: string;
  /** What follows from it, and what to do: sentences. */
  readonly consequence: string;
}

/** A problem in one line, beginning with the file's path. */
export const describeProblem = ({ path, reason, consequence }: DataFileProblem): string =>
  `${path} ${reason}. ${consequence}`;

const listNames = async (directory: string): Promise<readonly string[]> => {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (getSystemErrorCode(cause) === "ENOENT") return [];
    throw cause;
  }
};

const toProblems = (
  path: string,
  file: JsonFile<unknown>,
  details: Pick<DataFileProblem, "severity" | "consequence">,
): readonly DataFileProblem[] =>
  file.kind === "empty" || file.kind === "broken" ? [{ path, reason: file.reason, ...details }] : [];

const checkKeys = async (path: string): Promise<readonly DataFileProblem[]> => {
  const file = await readSecretsFile(path);
  return file.kind === "empty"
    ? toProblems(path, file, {
        severity: "warning",
        consequence:
          "Its creation was interrupted before it held a key. A start writes a new key; no other program has one yet.",
      })
    : toProblems(path, file, {
        severity: "error",
        consequence:
          "Put it back from a copy, or remove it: the next start creates a new key, which applications then need.",
      });
};

const checkImportIndex = async (path: string): Promise<readonly DataFileProblem[]> =>
  toProblems(path, await readImportIndex(path), {
    severity: "warning",
    consequence:
      "The files of the input folder are compared with the stored objects instead, and the next one that is taken writes the file anew. No action needed.",
  });

const checkTasks = async (directory: string): Promise<readonly DataFileProblem[]> => {
  if ((await listNames(directory)).length === 0) return [];
  const { broken } = await createTaskRecordStore(directory).list();
  return broken.map(({ path, reason }) => ({
    path,
    reason,
    severity: "warning",
    consequence: "The next start counts its task as stopped, and its job is tried again. No action needed.",
  }));
};

const checkSubscriptions = async (directory: string): Promise<readonly DataFileProblem[]> => {
  const problems: DataFileProblem[] = [];
  for (const name of await listNames(directory)) {
    const folder = join(directory, name);
    problems.push(
      ...toProblems(join(folder, "subscription.json"), await readSubscription(folder), {
        severity: "warning",
        consequence: `The subscriber gets no messages. Remove the folder ${folder} and subscribe again: npx reelway transcoder subscribe TOPIC URL`,
      }),
    );
    for (const messageFile of (await listNames(folder)).filter(isMessageFileName))
      problems.push(
        ...toProblems(join(folder, messageFile), await readUndeliveredMessage(join(folder, messageFile)), {
          severity: "warning",
          consequence:
            "The message cannot be sent and is set aside. Read the job's end with: npx reelway jobs",
        }),
      );
  }
  return problems;
};

/** What a version of an object that cannot be used means, for a person. */
export const toVersionProblem = (path: string, reason: string): DataFileProblem => ({
  path,
  reason,
  severity: "warning",
  consequence: path.endsWith(".json")
    ? `This version of an object is ignored. If its content, ${path.replace(/json$/, "bytes")}, is still needed, upload it again; then remove both files.`
    : "Upload the file again, or retry the job that made it: npx reelway retry ID --force",
});

/**
 * Checks every file that a start depends on, and changes nothing. Objects are left out: there may be many, and a start
 * reads those of the input bucket anyway.
 */
export const checkDataFiles = async (folder: DataFolder): Promise<readonly DataFileProblem[]> => [
  ...(await checkKeys(folder.transcoderKeys)),
  ...(await checkImportIndex(folder.importIndex)),
  ...(await checkTasks(folder.tasks)),
  ...(await checkSubscriptions(folder.subscriptions)),
];

/** Tells a person of a problem that the runtime goes on with: in the log, and in one line. */
export const createProblemReporter =
  (log: Logger, onNotice: (line: string) => void) =>
  (problem: DataFileProblem): void => {
    const line = describeProblem(problem);
    log.warn("A file of the data folder is broken", { path: problem.path, reason: problem.reason });
    onNotice(`Warning: ${line}`);
  };

/**
 * Prepares the files of a data folder that this process has locked: reports what is broken and clears what killed
 * writers left.
 *
 * @throws CommandError for a file that the runtime cannot work with
 */
export const prepareDataFiles = async (
  folder: DataFolder,
  report: (problem: DataFileProblem) => void,
): Promise<void> => {
  const problems = await checkDataFiles(folder);
  const error = problems.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new CommandError(describeProblem(error));
  for (const problem of problems) report(problem);
  for (const directory of [folder.root, folder.tasks]) await removeAbandonedFiles(directory);
  for (const name of await listNames(folder.subscriptions))
    await removeAbandonedFiles(join(folder.subscriptions, name));
};
