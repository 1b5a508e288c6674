import { JobFailure } from "../../pipeline/job/error.ts";
import type { WorkLimits } from "../../pipeline/limits/work-limits.ts";
import { probeArguments } from "../../pipeline/media/input-arguments.ts";
import { probeMemoryLimit } from "../../pipeline/media/memory-limit.ts";
import { parseProbe, probeFailure } from "../../pipeline/media/parse-probe.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { runChild } from "./child.ts";
import { hitMemoryLimit, memoryFailure } from "./memory-failure.ts";

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
  const memory = probeMemoryLimit(
    Math.max(options.limits.maxVideoPixels, options.limits.maxImagePixels),
    options.fileBytes ?? 0,
    options.taskMemoryBytes,
  );
  const end = await runChild(options.ffprobe, [...probeArguments(options.demuxers, options.limits), input], {
    signal: options.signal,
    wallSeconds: 120,
    graceSeconds: options.graceSeconds,
    memory,
    onOutput: (text) => {
      if (json.length < maxJson) json += text;
    },
  });
  options.signal.throwIfAborted();
  if (end.timedOut)
    throw new JobFailure(4007, `ffprobe did not come to an end with ${options.name} in two minutes.`);
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
