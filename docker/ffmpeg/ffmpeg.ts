import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import type { MemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import type { FfmpegStep } from "../../pipeline/encoding/plan.ts";
import { limitOutputDuration, type RunLimits } from "../../pipeline/encoding/run-limits.ts";
import { computeFolderFingerprint } from "./folder-fingerprint.ts";
import { hasHitMemoryLimit } from "./memory-failure.ts";
import { createGrowthDetector, isPacketLine, isTraceLine, traceArguments } from "./run-trace.ts";
import type { SourceActivity } from "./source-activity.ts";
import { runWatchedChild } from "./watched-child.ts";

/** Where the two programs are, absolute. */
export interface MediaPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}
export interface FfmpegOptions {
  readonly capabilities: Pick<Capabilities, "hasStatsPeriod">;
  readonly signal: AbortSignal;
  /** CPU time is bounded by the wall clock's for every thread. */
  readonly bounds: RunLimits;
  readonly graceSeconds: number;
  readonly threads: number;
  readonly memory: MemoryLimit;
  /** Everything that the run writes is in this folder. */
  readonly cwd: string;
  /** Seconds without a sign of progress after which the run is ended. */
  readonly progressTimeoutSeconds: number;
  /** What the run reads of the store. */
  readonly source: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  /** Seconds of media made so far. */
  readonly onProgress: (seconds: number) => void;
}
export interface FfmpegRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** Seconds without a sign of progress, for which the run was ended. */
  readonly stalledSeconds?: number;
  readonly log: string;
  /** It met its memory limit, and what it made cannot be trusted even where it ended well. */
  readonly hasHitMemoryLimit: boolean;
  /** Lines of the log at level error or worse: damage that ffmpeg worked around. */
  readonly errorLines: number;
}

/** Seconds of a line of `-progress`; `out_time_ms` is microseconds in every version, despite its name. */
export const parseProgressSeconds = (line: string): number | undefined => {
  const match = /^out_time_(?:us|ms)=(\d+)$/.exec(line);
  return match === null ? undefined : Number(match[1]) / 1_000_000;
};

/** What every run of ffmpeg begins with. */
const buildCommonArguments = ({ capabilities, bounds, threads }: FfmpegOptions): readonly string[] => [
  "-hide_banner",
  "-nostdin",
  "-y",
  "-loglevel",
  "level+info",
  "-progress",
  "pipe:3",
  "-nostats",
  ...(capabilities.hasStatsPeriod ? ["-stats_period", "1"] : []),
  "-timelimit",
  String(Math.ceil(bounds.timeoutSeconds * threads)),
  "-dts_error_threshold",
  String(bounds.maxMediaSeconds),
];

/** What ffmpeg 4's HLS muxer says of every playlist that it writes to a plain path: nothing is wrong with the source. */
const harmlessErrorPattern = /\[hls @ \w+\] \[error\] Cannot use rename on non file protocol/;

/**
 * Runs ffmpeg once. The exit code decides nothing alone: outputs are probed afterwards
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
  const { signal, graceSeconds, memory, cwd, source } = options;
  const stallSeconds = options.progressTimeoutSeconds;
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
        workSeconds: options.bounds.timeoutSeconds,
        stallSeconds,
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
    ...(exceededLimit === "stalled" ? { stalledSeconds: stallSeconds } : {}),
  };
};
