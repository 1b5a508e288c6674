import { statfs } from "node:fs/promises";
import { formatBytes } from "../../pipeline/text/format.ts";
import { type CheckResult, ok } from "./check.ts";
import { findExistingFolder } from "./existing-folder.ts";

const gigabyte = 1e9;
/** The sample clips and a few minutes of video fit in so much; below it most jobs fail. */
const failureBytes = gigabyte;
/** A job needs its source's size again in scratch, and its outputs beside it: so much for a film of an hour. */
const warningBytes = 10 * gigabyte;

/** Judges the free space of the data folder's disk, in bytes. */
export const checkDisk = (root: string, freeBytes: number): CheckResult => {
  const message = `${formatBytes(freeBytes)} free for ${root}`;
  const nextStep = "Free some space, or use another folder with --data DIR.";
  if (freeBytes < failureBytes) return { name: "disk", status: "failure", message, nextStep };
  return freeBytes < warningBytes
    ? {
        name: "disk",
        status: "warning",
        message: `${message}: enough for short files; uploads, outputs and scratch of long ones need 10 GB and more`,
        nextStep,
      }
    : ok("disk", message);
};

/** Reads the free space of the disk that holds the data folder, or will. */
export const runDiskCheck = async (root: string): Promise<CheckResult> => {
  const { bavail, bsize } = await statfs(findExistingFolder(root));
  return checkDisk(root, bavail * bsize);
};
