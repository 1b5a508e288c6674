import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getSystemErrorCode, isDiskFullError } from "../../../adapters/local/system-error.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { buildScratchFullFailure } from "../failures/failure.ts";

/**
 * Checks that an attempt's folder is writable by writing a file. Returns undefined if it is, else a failure of the
 * host, which takes precedence over ffmpeg's error about the media.
 */
export const probeScratch = async (scratch: string, folder: string): Promise<JobFailure | undefined> => {
  const file = join(folder, `.probe-${randomUUID()}`);
  try {
    await writeFile(file, "probe");
    return undefined;
  } catch (cause) {
    if (isDiskFullError(cause)) return buildScratchFullFailure(scratch, cause);
    const code = getSystemErrorCode(cause);
    const reason =
      code === "ENOENT" || code === "ENOTDIR"
        ? "was deleted while the job was running"
        : `is not writable (${code})`;
    return new JobFailure(
      9000,
      `The attempt's folder ${folder} ${reason}. Check that no other program deletes files on the scratch volume ${scratch} and that it is writable. The next attempt creates a new folder.`,
      { retryable: true, cause },
    );
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
};
