import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import type { MemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import type { FfmpegStep } from "../../pipeline/encoding/plan.ts";
import { boundedArguments, type RunBounds } from "../../pipeline/encoding/run-bounds.ts";
import { folderStamp } from "./folder-stamp.ts";
import { hitMemoryLimit } from "./memory-failure.ts";
import { isPacket, isTrace, outputGrowth, traceArguments } from "./run-trace.ts";
import type { SourceActivity } from "./source-activity.ts";
import { runWatched } from "./watched-child.ts";

/** Where the two programs are, absolute. */
export interface MediaPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}
export interface FfmpegOptions {
  readonly capabilities: Pick<Capabilities, "statsPeriod">;
  readonly signal: AbortSignal;
  /** CPU time is bounded by the wall clock's for every thread. */
  readonly bounds: RunBounds;
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
  readonly hitMemoryLimit: boolean;
  /** Lines of the log at level error or worse: damage that ffmpeg worked around. */
  readonly errorLines: number;
}

/** Seconds of a line of `-progress`; `out_time_ms` is microseconds in every version, despite its name. */
export const progressSeconds = (line: string): number | undefined => {
  const match = /^out_time_(?:us|ms)=(\d+)$/.exec(line);
  return match === null ? undefined : Number(match[1]) / 1_000_000;
};

/** What every run of ffmpeg begins with. */
const commonArguments = ({ capabilities, bounds, threads }: FfmpegOptions): readonly string[] => [
  "-hide_banner",
  "-nostdin",
  "-y",
  "-loglevel",
  "level+info",
  "-progress",
  "pipe:3",
  "-nostats",
  ...(capabilities.statsPeriod ? ["-stats_period", "1"] : []),
  "-timelimit",
  String(Math.ceil(bounds.wallSeconds * threads)),
  "-dts_error_threshold",
  String(bounds.mediaSeconds),
];

/** What ffmpeg 4's HLS muxer says of every playlist that it writes to a plain path: nothing is wrong with the source. */
const harmless = /\[hls @ \w+\] \[error\] Cannot use rename on non file protocol/;

/** Runs ffmpeg once. The exit code decides nothing alone: outputs are probed afterwards (FACTS, ffmpeg). */
export const runFfmpeg = async (
  program: string,
  step: Pick<FfmpegStep, "arguments" | "bounded" | "steady">,
  options: FfmpegOptions,
): Promise<FfmpegRun> => {
  const given =
    step.bounded === true ? step.arguments : boundedArguments(step.arguments, options.bounds.mediaSeconds);
  let errorLines = 0;
  const { signal, graceSeconds, memory, cwd, source } = options;
  const stallSeconds = options.progressTimeoutSeconds;
  const trace = step.steady === true ? [] : traceArguments;
  const end = await runWatched(program, [...commonArguments(options), ...trace, ...given], {
    signal,
    graceSeconds,
    memory,
    cwd,
    limits: {
      workSeconds: options.bounds.wallSeconds,
      stallSeconds,
      source,
      written: () => folderStamp(cwd),
    },
    isKept: (line) => !isTrace(line),
    listen(watchdog) {
      const hasGrown = outputGrowth();
      return {
        onLog: (line) => {
          if (isTrace(line)) {
            if (isPacket(line)) watchdog.advance();
            return;
          }
          if (/\[(error|fatal|panic)\]/.test(line) && !harmless.test(line)) errorLines += 1;
        },
        onProgress: (line) => {
          if (hasGrown(line)) watchdog.advance();
          const seconds = progressSeconds(line);
          if (seconds !== undefined) options.onProgress(seconds);
        },
      };
    },
  });
  const { limit, timedOut, ...rest } = end;
  return {
    ...rest,
    errorLines,
    hitMemoryLimit: hitMemoryLimit(end, memory),
    timedOut: timedOut || limit === "late",
    ...(limit === "stalled" ? { stalledSeconds: stallSeconds } : {}),
  };
};
