import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readAccountsFile } from "../adapters/local/account-store.ts";
import { removeAbandonedFiles } from "../adapters/local/atomic-file.ts";
import { isMessageFileName } from "../adapters/local/delivery-queue.ts";
import { readSubscription, readUndeliveredMessage } from "../adapters/local/http-subscriptions.ts";
import type { JsonFile } from "../adapters/local/json-file.ts";
import { readSecretsFile } from "../adapters/local/secrets.ts";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { createTaskRecordStore } from "../adapters/local/task-record.ts";
import { findBrokenDeliveries } from "../adapters/local/webhook-folder.ts";
import { CommandError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import type { DataFolder } from "./data-folder.ts";
import { readImportIndex } from "./import-index.ts";

/** A broken file of the data folder. */
export interface DataFileProblem {
  /** Absolute. */
  readonly path: string;
  /** `error`: the runtime cannot start. `warning`: it starts, with the loss that `consequence` names. */
  readonly severity: "error" | "warning";
  /** Predicate of a sentence that begins with the path, e.g. `is empty`. */
  readonly reason: string;
  /** The effect and the next step, as sentences. */
  readonly consequence: string;
}

/** Describes a problem in one line that begins with the file's path. */
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
          "Its creation was interrupted before a key was written. The next start creates a key. No action needed.",
      })
    : toProblems(path, file, {
        severity: "error",
        consequence:
          "Restore it from a backup. Or remove it: the next start creates a new key, which applications must then use.",
      });
};

const checkAccounts = async (directory: string): Promise<readonly DataFileProblem[]> => {
  const file = await readAccountsFile(directory);
  return file === undefined
    ? []
    : toProblems(file.path, file, {
        severity: "error",
        consequence:
          "Restore it from a backup. Or remove it, and create the users and tokens again: npx reelway users add NAME",
      });
};

const checkImportIndex = async (path: string): Promise<readonly DataFileProblem[]> =>
  toProblems(path, await readImportIndex(path), {
    severity: "warning",
    consequence:
      "The files of the input folder are compared with the stored objects instead, and the next import rewrites the index. No action needed.",
  });

const checkTasks = async (directory: string): Promise<readonly DataFileProblem[]> => {
  if ((await listNames(directory)).length === 0) return [];
  const { broken } = await createTaskRecordStore(directory).list();
  return broken.map(({ path, reason }) => ({
    path,
    reason,
    severity: "warning",
    consequence: "The next start treats its task as stopped and retries the job. No action needed.",
  }));
};

const checkSubscriptions = async (directory: string): Promise<readonly DataFileProblem[]> => {
  const problems: DataFileProblem[] = [];
  for (const name of await listNames(directory)) {
    const folder = join(directory, name);
    problems.push(
      ...toProblems(join(folder, "subscription.json"), await readSubscription(folder), {
        severity: "warning",
        consequence: `The subscriber receives no messages. Remove the folder ${folder} and subscribe again: npx reelway transcoder subscribe TOPIC URL`,
      }),
    );
    for (const messageFile of (await listNames(folder)).filter(isMessageFileName))
      problems.push(
        ...toProblems(join(folder, messageFile), await readUndeliveredMessage(join(folder, messageFile)), {
          severity: "warning",
          consequence:
            "The message cannot be delivered and is set aside. To see the job's result: npx reelway jobs",
        }),
      );
  }
  return problems;
};

const checkWebhooks = async (directory: string): Promise<readonly DataFileProblem[]> => {
  const problems: DataFileProblem[] = [];
  for (const webhook of await listNames(directory))
    for (const { path, reason } of await findBrokenDeliveries(directory, webhook))
      problems.push({
        path,
        reason,
        severity: "warning",
        consequence:
          "The event cannot be delivered to the webhook and is set aside. To see the job's result: npx reelway jobs",
      });
  return problems;
};

/** Describes a broken version of an object. */
export const toVersionProblem = (path: string, reason: string): DataFileProblem => ({
  path,
  reason,
  severity: "warning",
  consequence: path.endsWith(".json")
    ? `This version of an object is ignored. If its content, ${path.replace(/json$/, "bytes")}, is still needed, upload it again; then remove both files.`
    : "Upload the file again, or retry the job that created it: npx reelway retry ID --force",
});

/**
 * Checks every file that a start depends on, without changing any. Objects are left out: there may be many, and a start
 * reads those of the input bucket anyway.
 */
export const checkDataFiles = async (folder: DataFolder): Promise<readonly DataFileProblem[]> => [
  ...(await checkKeys(folder.transcoderKeys)),
  ...(await checkAccounts(folder.accounts)),
  ...(await checkImportIndex(folder.importIndex)),
  ...(await checkTasks(folder.tasks)),
  ...(await checkSubscriptions(folder.subscriptions)),
  ...(await checkWebhooks(folder.webhooks)),
];

/** Creates a function that reports a warning to the log and to the terminal. */
export const createProblemReporter =
  (log: Logger, onNotice: (line: string) => void) =>
  (problem: DataFileProblem): void => {
    const line = describeProblem(problem);
    log.warn("A file of the data folder is broken", { path: problem.path, reason: problem.reason });
    onNotice(`Warning: ${line}`);
  };

/**
 * Prepares the files of a data folder that this process has locked: reports broken files and removes temporary files of
 * killed processes.
 *
 * @throws CommandError for a broken file that the runtime requires
 */
export const prepareDataFiles = async (
  folder: DataFolder,
  report: (problem: DataFileProblem) => void,
): Promise<void> => {
  const problems = await checkDataFiles(folder);
  const error = problems.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new CommandError(describeProblem(error));
  for (const problem of problems) report(problem);
  for (const directory of [folder.root, folder.tasks, folder.accounts]) await removeAbandonedFiles(directory);
  for (const name of await listNames(folder.subscriptions))
    await removeAbandonedFiles(join(folder.subscriptions, name));
};
