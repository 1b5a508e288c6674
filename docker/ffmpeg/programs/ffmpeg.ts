import type { MemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import type { FfmpegStep } from "../../../pipeline/encoding/plan.ts";
import { limitOutputDuration, type RunLimits } from "../../../pipeline/encoding/run-limits.ts";
import { hasHitMemoryLimit } from "../failures/memory-failure.ts";
import type { SourceActivity } from "../source/source-activity.ts";
import { computeFolderFingerprint } from "./folder-fingerprint.ts";
import { createGrowthDetector, isPacketLine, isTraceLine, traceArguments } from "./run-trace.ts";
import { runWatchedChild } from "./watched-child.ts";

/** Absolute paths of the programs. */
export interface MediaPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}
export interface FfmpegOptions {
  readonly signal: AbortSignal;
  /** CPU time is limited to `timeoutSeconds` per thread. */
  readonly bounds: RunLimits;
  readonly graceSeconds: number;
  readonly threads: number;
  readonly memory: MemoryLimit;
  /** Directory of all files that the run writes. */
  readonly cwd: string;
  /** Seconds without progress after which the run is stopped. */
  readonly progressTimeoutSeconds: number;
  /** The run's reads from the object store. */
  readonly source: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  /** Called with the seconds of media written so far. */
  readonly onProgress: (seconds: number) => void;
}
export interface FfmpegRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** Set if the run was stopped after this many seconds without progress. */
  readonly stalledSeconds?: number;
  readonly log: string;
  /** True if it hit its memory limit. Its outputs are then invalid even if it exited with 0. */
  readonly hasHitMemoryLimit: boolean;
  /** Log lines at level error or worse, i.e. errors in the source that ffmpeg ignored. */
  readonly errorLines: number;
}

/** Parses a line of `-progress` into seconds. `out_time_ms` is in microseconds in every version, despite its name. */
export const parseProgressSeconds = (line: string): number | undefined => {
  const match = /^out_time_(?:us|ms)=(\d+)$/.exec(line);
  return match === null ? undefined : Number(match[1]) / 1_000_000;
};

/** First arguments of every ffmpeg run. */
const buildCommonArguments = ({ bounds, threads }: FfmpegOptions): readonly string[] => [
  "-hide_banner",
  "-nostdin",
  "-y",
  "-loglevel",
  "level+info",
  "-progress",
  "pipe:3",
  "-nostats",
  "-timelimit",
  String(Math.ceil(bounds.timeoutSeconds * threads)),
  "-dts_error_threshold",
  String(bounds.maxMediaSeconds),
];

/** ffmpeg 4's HLS muxer logs it for every playlist on a plain path. It is not an error in the source. */
const harmlessErrorPattern = /\[hls @ \w+\] \[error\] Cannot use rename on non file protocol/;

/**
 * Runs ffmpeg once. The exit code alone does not mean success: outputs are probed afterwards
 * (docs/decisions/0006-probe-outputs-before-publishing.md).
 */
export const runFfmpeg = async (
  program: string,
  step: Pick<FfmpegStep, "arguments" | "hasDurationLimit" | "hasSteadyOutput">,
  options: FfmpegOptions,
): Promise<FfmpegRun> => {
  const stepArguments =
    step.hasDurationLimit === true
      ? step.arguments
      : limitOutputDuration(step.arguments, options.bounds.maxMediaSeconds);
  let errorLines = 0;
  const { signal, graceSeconds, memory, cwd, source, progressTimeoutSeconds } = options;
  const trace = step.hasSteadyOutput === true ? [] : traceArguments;
  const result = await runWatchedChild(
    program,
    [...buildCommonArguments(options), ...trace, ...stepArguments],
    {
      signal,
      graceSeconds,
      memory,
      cwd,
      limits: {
        workTimeoutSeconds: options.bounds.timeoutSeconds,
        progressTimeoutSeconds,
        source,
        computeFingerprint: () => computeFolderFingerprint(cwd),
      },
      shouldKeepLine: (line) => !isTraceLine(line),
      createListeners(watchdog) {
        const hasGrown = createGrowthDetector();
        return {
          onLog: (line) => {
            if (isTraceLine(line)) {
              if (isPacketLine(line)) watchdog.advance();
              return;
            }
            if (/\[(error|fatal|panic)\]/.test(line) && !harmlessErrorPattern.test(line)) errorLines += 1;
          },
          onProgress: (line) => {
            if (hasGrown(line)) watchdog.advance();
            const seconds = parseProgressSeconds(line);
            if (seconds !== undefined) options.onProgress(seconds);
          },
        };
      },
    },
  );
  const { exceededLimit, timedOut, ...rest } = result;
  return {
    ...rest,
    errorLines,
    hasHitMemoryLimit: hasHitMemoryLimit(result, memory),
    timedOut: timedOut || exceededLimit === "timeout",
    ...(exceededLimit === "stalled" ? { stalledSeconds: progressTimeoutSeconds } : {}),
  };
};
