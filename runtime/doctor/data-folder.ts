import { access, constants, stat } from "node:fs/promises";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { checkHardLinks, toDataFolderError } from "../data-folder.ts";
import { isRunning, readRuntimeRecord } from "../runtime-record.ts";
import { findExistingFolder } from "./existing-folder.ts";

const splitMessage = (message: string): Pick<CheckResult, "message" | "nextStep"> => {
  const [, what = message, next = null] = /^(.*?[^.])\. (.*)$/s.exec(message) ?? [];
  return { message: what, nextStep: next };
};

/**
 * Checks that the data folder is writable and its file system supports hard links. The two test files are removed at
 * once. A missing folder is not created.
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
    return ok(name, `${root} is writable and supports hard links`);
  } catch (cause) {
    const failure = cause instanceof CommandError ? cause : toDataFolderError(root, cause);
    return { name, status: "failure", ...splitMessage(formatError(failure ?? cause)) };
  }
};

/** Checks whether a runtime uses the data folder. */
export const runRuntimeCheck = async (path: string): Promise<CheckResult> => {
  const name = "runtime";
  const file = await readRuntimeRecord(path);
  if (file.kind === "missing") return ok(name, "no runtime uses this data folder");
  if (file.kind === "valid" && isRunning(file.value)) {
    const { pid, port } = file.value;
    return ok(name, `is running (process ${pid}${port === undefined ? "" : `, port ${port}`})`);
  }
  const reason =
    file.kind === "valid"
      ? `was left by process ${file.value.pid}, which ended without removing it`
      : file.reason;
  return {
    name,
    status: "warning",
    message: `the runtime record ${path} ${reason}`,
    nextStep: "No action needed; the next start replaces it.",
  };
};
