import { probeArguments } from "../../pipeline/encoding/input-arguments.ts";
import { probeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { parseProbe, probeFailure } from "../../pipeline/media/parse-probe.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { WorkLimits } from "../../pipeline/media/source-limits.ts";
import { hitMemoryLimit, memoryFailure } from "./memory-failure.ts";
import type { SourceActivity } from "./source-activity.ts";
import { runWatched } from "./watched-child.ts";

/** Bytes of ffprobe's JSON that are read: a file with a million streams is refused, not held. */
const maxJson = 4 * 1024 * 1024;

export interface ProbeOptions {
  /** Absolute path of ffprobe. */
  readonly ffprobe: string;
  /** Names the file in messages. */
  readonly name: string;
  readonly demuxers: readonly string[];
  readonly limits: WorkLimits;
  readonly signal: AbortSignal;
  readonly graceSeconds: number;
  /** Seconds that ffprobe may work: `imageSeconds` or `probeSeconds`. */
  readonly workSeconds: number;
  /** What it reads of the store; absent for a file on the disk. */
  readonly source?: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  /** Bytes of the task's or the machine's memory. */
  readonly taskMemoryBytes: number;
  /** Bytes of a still image, which ffprobe holds whole. */
  readonly fileBytes?: number;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Probes a file or a loopback URL.
 *
 * @throws JobFailure 4000, 4001 or 4002 for what is no media, too large or cut short
 */
export const probeMedia = async (input: string, options: ProbeOptions): Promise<Probe> => {
  let json = "";
  const { signal, graceSeconds, workSeconds, source, limits } = options;
  const memory = probeMemoryLimit(
    Math.max(limits.maxVideoPixels, limits.maxImagePixels),
    options.fileBytes ?? 0,
    options.taskMemoryBytes,
  );
  const end = await runWatched(options.ffprobe, probeArguments(options.demuxers, limits, input), {
    signal,
    graceSeconds,
    memory,
    limits: { workSeconds, source },
    onOutput: (text) => {
      if (json.length < maxJson) json += text;
    },
  });
  signal.throwIfAborted();
  if (end.limit !== undefined)
    throw new JobFailure(
      4007,
      `ffprobe read ${options.name} for ${workSeconds} s without finishing and was ended. The file is probably damaged: export it again and upload it.`,
    );
  if (end.timedOut)
    throw new JobFailure(3000, `The store gave ${options.name} too slowly for ffprobe to read it.`, {
      retryable: true,
    });
  if (hitMemoryLimit(end, memory)) throw memoryFailure({ program: "ffprobe", name: options.name }, memory);
  if (end.signal === "SIGKILL" || end.signal === "SIGTERM")
    throw new JobFailure(9000, `ffprobe was killed from outside (${end.signal}) on ${options.name}.`, {
      retryable: true,
    });
  if (end.signal !== null) throw new JobFailure(4007, `ffprobe crashed (${end.signal}) on ${options.name}.`);
  if (end.code !== 0) throw probeFailure(options.name, end.log);
  try {
    return parseProbe(parseJson(json), end.log);
  } catch (cause) {
    throw cause instanceof JobFailure ? probeFailure(options.name, end.log) : cause;
  }
};
