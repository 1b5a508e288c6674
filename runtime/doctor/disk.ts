import { statfs } from "node:fs/promises";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { formatBytes } from "../../pipeline/text/format.ts";
import { findExistingFolder } from "./existing-folder.ts";

const gigabyte = 1e9;
/** Enough for the sample clips and a few minutes of video; with less, most jobs fail. */
const failureBytes = gigabyte;
/** Enough for a video of one hour: a job needs scratch space for its source and its outputs. */
const warningBytes = 10 * gigabyte;

/** Checks the free space, in bytes, of the data folder's disk. */
export const checkDisk = (root: string, freeBytes: number): CheckResult => {
  const message = `${formatBytes(freeBytes)} free for ${root}`;
  const nextStep = "Free some space, or use another folder with --data DIR.";
  if (freeBytes < failureBytes) return { name: "disk", status: "failure", message, nextStep };
  return freeBytes < warningBytes
    ? {
        name: "disk",
        status: "warning",
        message: `${message}: enough for short files; long files need 10 GB or more for upload, outputs and scratch`,
        nextStep,
      }
    : ok("disk", message);
};

/** Checks the free space of the disk of the data folder, which may not exist yet. */
export const runDiskCheck = async (root: string): Promise<CheckResult> => {
  const { bavail, bsize } = await statfs(findExistingFolder(root));
  return checkDisk(root, bavail * bsize);
};
