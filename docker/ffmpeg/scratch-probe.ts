import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getSystemErrorCode, isDiskFullError } from "../../adapters/local/system-error.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { buildScratchFullFailure } from "./failure.ts";

/**
 * Whether an attempt's folder can still be written, tried with a file: undefined where it can, else the failure. It is
 * the machine's, whatever ffmpeg said of the media.
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
        ? "was removed while the job ran"
        : `cannot be written (${code})`;
    return new JobFailure(
      9000,
      `The attempt's folder ${folder} ${reason}. Let no other program clear the scratch volume ${scratch}, and check that it is mounted writable; another attempt makes a folder anew.`,
      { retryable: true, cause },
    );
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
};
