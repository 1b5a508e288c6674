import { isDiskFullError } from "../../../adapters/local/system-error.ts";
import { exitCodes } from "../../../pipeline/attempts/exit-codes.ts";
import { findMissingComponent } from "../../../pipeline/encoding/ffmpeg-log.ts";
import type { MemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import {
  type ErrorCode,
  isMediaFailure,
  JobFailure,
  StallFailure,
} from "../../../pipeline/errors/job-error.ts";
import { forceRetryAdvice, retryAdvice } from "../../../pipeline/errors/retry-advice.ts";
import { isReadRefused } from "../../../pipeline/jobs/source-access.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import type { RecipeName } from "../../../pipeline/recipes/recipe.ts";
import type { FfmpegRun } from "../programs/ffmpeg.ts";
import { buildMemoryFailure } from "./memory-failure.ts";

/** Failure of the host, not of the media. Another attempt may have enough space. */
export const buildScratchFullFailure = (scratch: string, cause?: unknown): JobFailure =>
  new JobFailure(
    9000,
    `The scratch volume ${scratch} is full. Free space, or raise worker.scratchGiB of the stage in reelway.config.ts and deploy it, ${retryAdvice}`,
    { retryable: true, cause },
  );

const noSpacePattern = /No space left on device|Disk quota exceeded|File too large/;

/** Failures that may not occur in another attempt. */
const transientKinds: ReadonlySet<StoreFailure["kind"]> = new Set(["transient", "unknown", "no-space"]);

const toErrorCode = (kind: StoreFailure["kind"], side: "source" | "output"): ErrorCode => {
  switch (kind) {
    case "missing":
      return side === "source" ? 3001 : 3005;
    case "denied":
    case "archived":
      return side === "source" ? 3003 : 3004;
    case "assume-role":
      return 2000;
    case "bucket-not-found":
      return 3005;
    default:
      return 3000;
  }
};

/**
 * Converts a failure of a store to a failure of the job. @param context the operation and its object, for the message
 */
export const toStoreJobFailure = (
  side: "source" | "output",
  context: string,
  failure: StoreFailure,
): JobFailure =>
  new JobFailure(toErrorCode(failure.kind, side), `${context}: ${failure.message}`, {
    retryable: transientKinds.has(failure.kind) || (side === "source" && isReadRefused(failure)),
    cause: failure,
  });

/** Runs an operation on a store and converts its failure to a failure of the job. */
export const withStoreFailures = async <T>(
  side: "source" | "output",
  context: string,
  operation: () => Promise<T>,
): Promise<T> => {
  try {
    return await operation();
  } catch (cause) {
    if (cause instanceof StoreFailure) throw toStoreJobFailure(side, context, cause);
    throw cause;
  }
};

const extractErrorLines = (log: string): string =>
  log
    .trim()
    .split("\n")
    .filter((line) => /\[(error|fatal|panic)\]/.test(line))
    .slice(-3)
    .map((line) => line.replace(/\[[^\]]*@ 0x[0-9a-f]+\] /g, "").slice(0, 300))
    .join(" | ");

/** Context of an ffmpeg run, for messages. */
export interface FfmpegRunContext {
  /** Key of the source. */
  readonly name: string;
  readonly recipe: RecipeName;
  /** The scratch volume. */
  readonly scratch: string;
  readonly memory: MemoryLimit;
  readonly phase: string;
}

/**
 * Classifies a failed run of ffmpeg. A signal from outside the worker is transient. A crash or a reported error is
 * permanent.
 */
export const classifyFfmpegFailure = (
  { name, recipe, scratch, memory, phase }: FfmpegRunContext,
  run: FfmpegRun,
): JobFailure => {
  const errorLines = extractErrorLines(run.log) || "no error message";
  if (run.signal === "SIGXFSZ" || noSpacePattern.test(run.log)) return buildScratchFullFailure(scratch);
  if (run.stalledSeconds !== undefined)
    return new StallFailure(
      `ffmpeg stopped making progress on ${name} in phase ${phase}: it neither read nor wrote anything for ${run.stalledSeconds} s and was stopped. The file is probably damaged: export it again and upload it. On an overloaded machine, wait until it has less to do, ${forceRetryAdvice}`,
    );
  if (run.timedOut || run.signal === "SIGXCPU")
    return new JobFailure(
      4005,
      `Processing ${name} exceeded the time limit for its duration in phase ${phase}. Use a shorter source, or raise taskSizes or, on AWS, worker.maxRunHours in reelway.config.ts and deploy it, ${forceRetryAdvice}`,
    );
  if (run.hasHitMemoryLimit) return buildMemoryFailure({ program: "ffmpeg", name, recipe }, memory);
  if (run.signal === "SIGKILL" || run.signal === "SIGTERM")
    return new JobFailure(
      9000,
      `ffmpeg was killed by ${run.signal} in phase ${phase} of ${name}; the task may have run out of memory.`,
      { retryable: true },
    );
  if (run.signal !== null)
    return new JobFailure(
      4007,
      `ffmpeg crashed (${run.signal}) on ${name} in phase ${phase}: ${errorLines}.`,
    );
  if (/Picture size \d+x\d+ is invalid|exceeds specified max pixel count/.test(run.log))
    return new JobFailure(
      4001,
      `${name} exceeds the limit of pixels per frame. Upload a smaller one, or raise maxVideoPixels or maxImagePixels.`,
    );
  const component = findMissingComponent(run.log);
  if (component !== undefined)
    return new JobFailure(
      9000,
      `This build of ffmpeg has no ${component.kind} ${component.name}, which phase ${phase} of ${name} needs. On this machine, install a full build of ffmpeg 5.1 or later, or set FFMPEG_PATH to one. On AWS, deploy the image again. After that, ${forceRetryAdvice}`,
    );
  return new JobFailure(
    4002,
    `ffmpeg could not process ${name} in phase ${phase} (exit code ${run.code}): ${errorLines}. The file is damaged or truncated. Upload it again.`,
  );
};

/** Converts any error to a failure of the job. An unknown error is internal and transient. */
export const toJobFailure = (cause: unknown, scratch: string): JobFailure => {
  if (cause instanceof JobFailure) return cause;
  if (cause instanceof StoreFailure)
    return toStoreJobFailure("output", "The object store request failed", cause);
  if (isDiskFullError(cause)) return buildScratchFullFailure(scratch, cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new JobFailure(9000, `The worker failed: ${message}`, { retryable: true, cause });
};

/** The exit code for a failure. */
export const toExitCode = (failure: JobFailure): number => {
  if (failure.retryable) return exitCodes.temporary;
  return isMediaFailure(failure) ? exitCodes.badMedia : exitCodes.badSpecification;
};
