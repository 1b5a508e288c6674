import { isDiskFullError } from "../../adapters/local/system-error.ts";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import type { MemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { type ErrorCode, JobFailure } from "../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { RecipeName } from "../../pipeline/recipes/recipe.ts";
import type { FfmpegRun } from "./ffmpeg.ts";
import { buildMemoryFailure } from "./memory-failure.ts";

/** The machine's fault, not the media's: another attempt may find space. */
export const buildScratchFullFailure = (scratch: string, cause?: unknown): JobFailure =>
  new JobFailure(
    9000,
    `The scratch volume ${scratch} is full: it holds a job's outputs until they are published. Free space or give the worker a larger volume, then retry the job.`,
    { retryable: true, cause },
  );

const noSpacePattern = /No space left on device|Disk quota exceeded|File too large/;

/** Refusals that another attempt may pass without anybody changing the job. */
const transientKinds: ReadonlySet<StoreFailure["kind"]> = new Set(["transient", "unknown", "no-space"]);

const toErrorCode = (kind: StoreFailure["kind"], side: "source" | "output"): ErrorCode => {
  switch (kind) {
    case "missing":
      return side === "source" ? 3001 : 3005;
    case "denied":
      return side === "source" ? 3003 : 3004;
    case "assume-role":
      return 2000;
    case "bucket-not-found":
      return 3005;
    default:
      return 3000;
  }
};

/** A store's refusal in a job's terms; `what` names the object and what was wanted of it. */
export const toStoreJobFailure = (
  side: "source" | "output",
  context: string,
  failure: StoreFailure,
): JobFailure =>
  new JobFailure(toErrorCode(failure.kind, side), `${context}: ${failure.message}`, {
    retryable: transientKinds.has(failure.kind),
    cause: failure,
  });

/** Runs an act on a store; its failure becomes the job's. */
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

/** What a run of ffmpeg was for. */
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
 * Why a run of ffmpeg failed. A signal that nobody here sent may pass (another attempt); a crash on the media,
 * or an error it reports, would come again.
 */
export const classifyFfmpegFailure = (
  { name, recipe, scratch, memory, phase }: FfmpegRunContext,
  run: FfmpegRun,
): JobFailure => {
  const errorLines = extractErrorLines(run.log) || "it gave no reason";
  if (run.signal === "SIGXFSZ" || noSpacePattern.test(run.log)) return buildScratchFullFailure(scratch);
  if (run.stalledSeconds !== undefined)
    return new JobFailure(
      4005,
      `ffmpeg stopped making progress on ${name} in phase ${phase}: it neither read nor wrote anything for ${run.stalledSeconds} s and was ended. The file is probably damaged: export it again and upload it. On an overloaded machine raise the worker's PROGRESS_TIMEOUT_SECONDS.`,
    );
  if (run.timedOut || run.signal === "SIGXCPU")
    return new JobFailure(
      4005,
      `Working ${name} took longer than the time limit for its length (stage ${phase}). Cut the source, give the worker more CPU, or raise its FFMPEG_TIMEOUT_SECONDS.`,
    );
  if (run.hasHitMemoryLimit) return buildMemoryFailure({ program: "ffmpeg", name, recipe }, memory);
  if (run.signal === "SIGKILL" || run.signal === "SIGTERM")
    return new JobFailure(
      9000,
      `ffmpeg was killed from outside (${run.signal}) in stage ${phase} of ${name}; memory may have run out.`,
      { retryable: true },
    );
  if (run.signal !== null)
    return new JobFailure(
      4007,
      `ffmpeg crashed (${run.signal}) on ${name} in stage ${phase}: ${errorLines}.`,
    );
  if (/Picture size \d+x\d+ is invalid|exceeds specified max pixel count/.test(run.log))
    return new JobFailure(4001, `${name} has more pixels a frame than the limits allow.`);
  if (/Unknown encoder|No such filter|Unrecognized option|Option not found/.test(run.log))
    return new JobFailure(9000, `This build of ffmpeg cannot do stage ${phase}: ${errorLines}.`);
  return new JobFailure(
    4002,
    `ffmpeg could not work ${name} in stage ${phase} (exit ${run.code}): ${errorLines}. The file is damaged or cut short; upload it again.`,
  );
};

/** Any error as a job's: an unknown one is internal, and another attempt may pass it. */
export const toJobFailure = (cause: unknown, scratch: string): JobFailure => {
  if (cause instanceof JobFailure) return cause;
  if (cause instanceof StoreFailure) return toStoreJobFailure("output", "The store refused", cause);
  if (isDiskFullError(cause)) return buildScratchFullFailure(scratch, cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new JobFailure(9000, `The worker failed: ${message}`, { retryable: true, cause });
};

/** The exit code that says the same as a failure's report. */
export const toExitCode = ({ code, retryable }: JobFailure): number => {
  if (retryable) return exitCodes.temporary;
  return code >= 4000 && code < 9000 ? exitCodes.badMedia : exitCodes.badSpecification;
};
