import type { MemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { forceRetryAdvice } from "../../../pipeline/errors/retry-advice.ts";
import type { RecipeName } from "../../../pipeline/recipes/recipe.ts";
import type { ChildResult } from "../programs/child.ts";

/**
 * Messages of ffmpeg, libvips and their libraries (x264, libaom, libjpeg, libstdc++) and of V8 about failed
 * allocations.
 */
const allocationErrorPattern =
  /Cannot allocate memory|malloc of size \d+ failed|bad_alloc|[Oo]ut of memory|[Mm]emory allocation (?:error|failed)|[Ff]ailed to (?:re)?allocate|[Ee]rror allocating|Insufficient memory|Array buffer allocation failed/;
/** True if a log reports a failed allocation. */
export const isAllocationFailure = (log: string): boolean => allocationErrorPattern.test(log);

/**
 * Share of the limit above which any failure counts as hitting the limit: some libraries crash, and the 2018 build
 * reports `Invalid argument`. A buffer that doubles can fail at half the limit. Valid media may come close to a task's
 * memory.
 */
const getNearLimitRatio = ({ isLimitedByTask }: MemoryLimit): number => (isLimitedByTask ? 0.9 : 0.5);

/** True if a media process hit its memory limit: it was killed for it, reports it, or failed close to it. */
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
  // If frames of a large source were dropped for lack of memory, the run must not count as a success.
  return code === 0
    ? isNearLimit && allocationErrorPattern.test(log)
    : isNearLimit || allocationErrorPattern.test(log);
};

const formatGibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/**
 * Builds the failure of a file that needs more memory than such media should, or whose task is too small for media of
 * its dimensions.
 */
export const buildMemoryFailure = (
  context: { readonly program: string; readonly name: string; readonly recipe?: RecipeName },
  { residentBytes, isLimitedByTask }: MemoryLimit,
): JobFailure =>
  isLimitedByTask
    ? new JobFailure(
        4005,
        `${context.program} exceeded the task memory of ${formatGibibytes(residentBytes)} while processing ${context.name}. Reduce the file's dimensions, or remove its metadata and embedded images, and upload it again. If the file is valid, ${context.recipe === undefined ? "give the worker more memory" : `raise taskSizes.${context.recipe} in reelway.config.ts, deploy it`}, ${forceRetryAdvice}`,
      )
    : new JobFailure(
        4007,
        `${context.program} needed more than ${formatGibibytes(residentBytes)} of memory for ${context.name}, more than 1.5 times what media of these dimensions needs. The file is damaged or crafted to exhaust memory. Export it again without metadata and embedded images, and upload it.`,
      );
