import { buildProbeArguments } from "../../../pipeline/encoding/input-arguments.ts";
import { computeProbeMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { MediaLimits } from "../../../pipeline/media/media-limits.ts";
import { parseProbe } from "../../../pipeline/media/parse-probe.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { classifyProbeFailure } from "../../../pipeline/media/probe-failure.ts";
import { parseJson } from "../../../pipeline/text/parse-json.ts";
import { buildMemoryFailure, hasHitMemoryLimit } from "../failures/memory-failure.ts";
import { readRange } from "../source/read-range.ts";
import type { SourceActivity } from "../source/source-activity.ts";
import { runWatchedChild } from "./watched-child.ts";

/** Limit for ffprobe's JSON. A file with a million streams is rejected instead of filling the memory. */
const maxJsonCharacters = 4 * 1024 * 1024;

export interface ProbeOptions {
  /** Absolute path of ffprobe. */
  readonly ffprobe: string;
  /** Name of the file, for messages. */
  readonly name: string;
  readonly demuxers: readonly string[];
  readonly limits: MediaLimits;
  readonly signal: AbortSignal;
  readonly graceSeconds: number;
  /** Timeout: `imageTimeoutSeconds` or `probeTimeoutSeconds`. */
  readonly workTimeoutSeconds: number;
  /** Its reads from the object store; absent for a local file. */
  readonly source?: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  /** Memory of the task or the machine. */
  readonly taskMemoryBytes: number;
}

/** Failure of a probe that waited too long for the object store. */
export const buildSlowStoreFailure = (name: string): JobFailure =>
  new JobFailure(3000, `Reading ${name} from the object store was too slow for ffprobe.`, {
    retryable: true,
  });

/** Bytes that show whether a file is text. */
const headBytes = 512;

/** Reads the start of a served source; empty if it cannot be read or is a file of the worker. */
const readHead = async (input: string, signal: AbortSignal): Promise<Uint8Array> =>
  /^https?:/.test(input)
    ? readRange({ url: input, offset: 0, length: headBytes }, signal).catch(() => new Uint8Array())
    : new Uint8Array();

/**
 * Probes a file or a loopback URL.
 *
 * @throws JobFailure 4000, 4001 or 4002 if it is not media, too large or truncated
 */
export const probeMedia = async (input: string, options: ProbeOptions): Promise<Probe> => {
  let json = "";
  const { signal, graceSeconds, workTimeoutSeconds, source, limits } = options;
  const memory = computeProbeMemoryLimit(
    Math.max(limits.maxVideoPixels, limits.maxImagePixels),
    options.taskMemoryBytes,
  );
  const result = await runWatchedChild(
    options.ffprobe,
    buildProbeArguments(options.demuxers, limits, input),
    {
      signal,
      graceSeconds,
      memory,
      limits: { workTimeoutSeconds, source },
      onOutput: (text) => {
        if (json.length < maxJsonCharacters) json += text;
      },
    },
  );
  signal.throwIfAborted();
  if (result.exceededLimit !== undefined)
    throw new JobFailure(
      4007,
      `ffprobe did not finish reading ${options.name} within ${workTimeoutSeconds} s and was stopped. The file is probably damaged: export it again and upload it.`,
    );
  if (result.timedOut) throw buildSlowStoreFailure(options.name);
  if (hasHitMemoryLimit(result, memory))
    throw buildMemoryFailure({ program: "ffprobe", name: options.name }, memory);
  if (result.signal === "SIGKILL" || result.signal === "SIGTERM")
    throw new JobFailure(9000, `ffprobe was killed by ${result.signal} on ${options.name}.`, {
      retryable: true,
    });
  if (result.signal !== null)
    throw new JobFailure(4007, `ffprobe crashed (${result.signal}) on ${options.name}.`);
  const buildFailure = async (): Promise<JobFailure> =>
    classifyProbeFailure(options.name, result.log, await readHead(input, signal));
  if (result.code !== 0) throw await buildFailure();
  try {
    return parseProbe(parseJson(json), result.log);
  } catch (cause) {
    throw cause instanceof JobFailure ? await buildFailure() : cause;
  }
};
