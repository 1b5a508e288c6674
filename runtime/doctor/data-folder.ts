import { access, constants, stat } from "node:fs/promises";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import { checkHardLinks, toDataFolderError } from "../data-folder.ts";
import { isRunning, readRuntimeRecord } from "../runtime-record.ts";
import { type CheckResult, ok } from "./check.ts";
import { findExistingFolder } from "./existing-folder.ts";

const splitMessage = (message: string): Pick<CheckResult, "message" | "nextStep"> => {
  const [, what = message, next = null] = /^(.*?[^.])\. (.*)$/s.exec(message) ?? [];
  return { message: what, nextStep: next };
};

/**
 * Tries what the data folder's file system has to allow: writing, and hard links. The two files it tries them with are
 * removed at once. A folder that does not exist yet is not created.
 */
export const runDataFolderCheck = async (root: string): Promise<CheckResult> => {
  const name = "data folder";
  const existing = findExistingFolder(root);
  try {
    if (!(await stat(existing)).isDirectory())
      throw Object.assign(new Error(existing), { code: "ENOTDIR", path: root });
    if (existing !== root) {
      await access(existing, constants.W_OK).catch((cause: unknown) => {
        throw Object.assign(new Error(existing), { code: getSystemErrorCode(cause), path: root });
      });
      return ok(name, `${root} does not exist yet; the first start creates it`);
    }
    await checkHardLinks(root);
    return ok(name, `${root} can be written to and has hard links`);
  } catch (cause) {
    const failure = cause instanceof CommandError ? cause : toDataFolderError(root, cause);
    return { name, status: "failure", ...splitMessage(formatError(failure ?? cause)) };
  }
};

/** Whether a runtime holds the data folder. */
export const runRuntimeCheck = async (path: string): Promise<CheckResult> => {
  const name = "runtime";
  const file = await readRuntimeRecord(path);
  if (file.kind === "missing") return ok(name, "no runtime uses this data folder");
  if (file.kind === "valid" && isRunning(file.value)) {
    const { pid, port } = file.value;
    return ok(name, `runs (process ${pid}${port === undefined ? "" : `, port ${port}`})`);
  }
  const reason =
    file.kind === "valid"
      ? `is left from process ${file.value.pid}, which ended without removing it`
      : file.reason;
  return {
    name,
    status: "warning",
    message: `the lock ${path} ${reason}`,
    nextStep: "No action needed: the next start takes it over.",
  };
};
