import type { MemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { RecipeName } from "../../pipeline/recipes/recipe.ts";
import type { ChildResult } from "./child.ts";

/** What ffmpeg and its libraries (x264, libaom, libstdc++) say of memory that they do not get. */
const allocationErrorPattern =
  /Cannot allocate memory|malloc of size \d+ failed|bad_alloc|[Oo]ut of memory|[Mm]emory allocation (?:error|failed)|[Ff]ailed to (?:re)?allocate|[Ee]rror allocating/;
/**
 * Share of a limit above which any failure counts as the limit's: some libraries crash, and the 2018 build says
 * `Invalid argument`. A buffer that doubles meets its limit half full. Sound media may come close to a task's own.
 */
const getNearLimitRatio = ({ isLimitedByTask }: MemoryLimit): number => (isLimitedByTask ? 0.9 : 0.5);

/** Whether a media process met its memory limit: it was killed for it, says so, or failed close to it. */
export const hasHitMemoryLimit = (
  { code, log, memoryExceeded, peakMemory }: ChildResult,
  limit: MemoryLimit,
): boolean => {
  if (memoryExceeded) return true;
  const usageRatio = Math.max(
    peakMemory.dataBytes / limit.dataBytes,
    peakMemory.residentBytes / limit.residentBytes,
  );
  const isNearLimit = usageRatio >= getNearLimitRatio(limit);
  // An honest large source whose frames were dropped for want of memory must not pass for a good one.
  return code === 0
    ? isNearLimit && allocationErrorPattern.test(log)
    : isNearLimit || allocationErrorPattern.test(log);
};

const formatGibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/**
 * The file needs more memory than such media may take. Where its task is too small for honest media of its
 * dimensions, the message says that too.
 */
export const buildMemoryFailure = (
  context: { readonly program: string; readonly name: string; readonly recipe?: RecipeName },
  { residentBytes, isLimitedByTask }: MemoryLimit,
): JobFailure =>
  isLimitedByTask
    ? new JobFailure(
        4005,
        `${context.program} needed more than the ${formatGibibytes(residentBytes)} of memory that its task has for ${context.name}. Reduce the file's dimensions, or remove its metadata and embedded images, and upload it again. If the file is sound, ${context.recipe === undefined ? "give the worker more memory" : `raise taskSizes.${context.recipe} in reelway.config.ts, deploy it`}, then retry the job with --force.`,
      )
    : new JobFailure(
        4007,
        `${context.program} needed more than ${formatGibibytes(residentBytes)} of memory for ${context.name}, over one and a half times what sound media of its dimensions takes. The file is damaged or made to exhaust memory. Save it again without metadata and embedded images, and upload it.`,
      );
