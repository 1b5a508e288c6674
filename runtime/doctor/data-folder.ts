import { access, constants, stat } from "node:fs/promises";
import { systemCode } from "../../adapters/local/system-code.ts";
import { CommandFailed, oneLine } from "../../pipeline/errors/user-error.ts";
import { checkLinks, dataFolderFailure } from "../data-folder.ts";
import { isRunning, readRecordFile } from "../lock.ts";
import { type CheckResult, ok } from "./check.ts";
import { existingFolder } from "./existing-folder.ts";

const split = (message: string): Pick<CheckResult, "message" | "nextStep"> => {
  const [, what = message, next = null] = /^(.*?[^.])\. (.*)$/s.exec(message) ?? [];
  return { message: what, nextStep: next };
};

/**
 * Tries what the data folder's file system has to allow: writing, and hard links. The two files it tries them with are
 * removed at once. A folder that does not exist yet is not created.
 */
export const runDataFolderCheck = async (root: string): Promise<CheckResult> => {
  const name = "data folder";
  const existing = existingFolder(root);
  try {
    if (!(await stat(existing)).isDirectory())
      throw Object.assign(new Error(existing), { code: "ENOTDIR", path: root });
    if (existing !== root) {
      await access(existing, constants.W_OK).catch((cause: unknown) => {
        throw Object.assign(new Error(existing), { code: systemCode(cause), path: root });
      });
      return ok(name, `${root} does not exist yet; the first start creates it`);
    }
    await checkLinks(root);
    return ok(name, `${root} can be written to and has hard links`);
  } catch (cause) {
    const failure = cause instanceof CommandFailed ? cause : dataFolderFailure(root, cause);
    return { name, status: "failure", ...split(oneLine(failure ?? cause)) };
  }
};

/** Whether a runtime holds the data folder. */
export const runLockCheck = async (path: string): Promise<CheckResult> => {
  const name = "runtime";
  const file = await readRecordFile(path);
  if (file.kind === "missing") return ok(name, "no runtime uses this data folder");
  if (file.kind === "valid" && isRunning(file.value)) {
    const { pid, port } = file.value;
    return ok(name, `runs (process ${pid}${port === undefined ? "" : `, port ${port}`})`);
  }
  const why =
    file.kind === "valid"
      ? `is left from process ${file.value.pid}, which ended without removing it`
      : file.reason;
  return {
    name,
    status: "warning",
    message: `the lock ${path} ${why}`,
    nextStep: "No action needed: the next start takes it over.",
  };
};
