import type { ImageConversion, ImageRequest } from "../../../pipeline/encoding/image-request.ts";
import {
  type ImageResult,
  imageResultSchema,
  toImageFailure,
  toImageProbe,
} from "../../../pipeline/encoding/image-result.ts";
import type { MemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { computeImageMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { computeImageTimeoutSeconds, imageTimeoutSeconds } from "../../../pipeline/encoding/run-limits.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import type { RecipeName } from "../../../pipeline/recipes/recipe.ts";
import { parseJson } from "../../../pipeline/text/parse-json.ts";
import { buildMemoryFailure, hasHitMemoryLimit, isAllocationFailure } from "../failures/memory-failure.ts";
import type { SourceActivity } from "../source/source-activity.ts";
import { runWatchedChild, type WatchedChildResult } from "./watched-child.ts";

/** Options of every run of the image program. */
export interface ImageProgramOptions {
  /** Absolute path of the image program. */
  readonly imageProgram: string;
  /** Key of the image, for messages. */
  readonly name: string;
  /** Recipe of the job, for messages. */
  readonly recipe?: RecipeName;
  readonly signal: AbortSignal;
  readonly graceSeconds: number;
  readonly threads: number;
  /** Memory of the task or the machine. */
  readonly taskMemoryBytes: number;
  /** Its reads from the object store; absent for a local file. */
  readonly source?: Pick<SourceActivity, "bytesRead" | "isWaiting">;
}

/** More than any result. */
const maxResultCharacters = 64 * 1024;

/** The failure of a run without a valid result; undefined if it has one. */
const classifyRun = (
  { name, recipe }: ImageProgramOptions,
  run: WatchedChildResult,
  memory: MemoryLimit,
  timeoutSeconds: number,
): JobFailure | undefined => {
  if (run.exceededLimit !== undefined)
    return new JobFailure(
      4005,
      `Decoding and encoding ${name} took longer than ${timeoutSeconds} s and was stopped. Upload a smaller image, or give the worker more CPU.`,
    );
  if (run.timedOut)
    return new JobFailure(3000, `Reading ${name} from the object store was too slow.`, { retryable: true });
  if (run.code === 0 ? isAllocationFailure(run.log) : hasHitMemoryLimit(run, memory))
    return buildMemoryFailure({ program: "The image program", name, ...(recipe && { recipe }) }, memory);
  if (run.signal === "SIGKILL" || run.signal === "SIGTERM")
    return new JobFailure(9000, `The image program was killed by ${run.signal} on ${name}.`, {
      retryable: true,
    });
  if (run.code !== 0)
    return new JobFailure(
      4007,
      `The image program crashed (${run.signal ?? `exit code ${run.code}`}) on ${name}. The file is probably damaged: export it again and upload it.`,
    );
  return undefined;
};

/** Runs the image program once. @throws JobFailure */
const runImageProgram = async (
  request: ImageRequest,
  memory: MemoryLimit,
  timeoutSeconds: number,
  options: ImageProgramOptions,
): Promise<Exclude<ImageResult, { kind: "failure" }>> => {
  const { name, signal, graceSeconds, source } = options;
  let json = "";
  const run = await runWatchedChild(process.execPath, [options.imageProgram, JSON.stringify(request)], {
    signal,
    graceSeconds,
    memory,
    limits: { workTimeoutSeconds: timeoutSeconds, ...(source && { source }) },
    onOutput: (text) => {
      if (json.length < maxResultCharacters) json += text;
    },
  });
  signal.throwIfAborted();
  const failure = classifyRun(options, run, memory, timeoutSeconds);
  if (failure !== undefined) throw failure;
  const result = imageResultSchema.parse(parseJson(json));
  if (result.kind === "failure") throw toImageFailure(name, result);
  return result;
};

/**
 * Reads the header of an image.
 *
 * @param input loopback URL, or path of a file that the worker created
 * @throws JobFailure 4000, 4001 or 4002 if it is not a supported image, too large or damaged
 */
export const probeImage = async (
  input: string,
  bytes: number,
  maxPixels: number,
  options: ImageProgramOptions,
): Promise<Probe> => {
  const memory = computeImageMemoryLimit({ pixels: 0, fileBytes: bytes }, 0, 1, options.taskMemoryBytes);
  const request = { operation: "probe", input, bytes, maxPixels } as const;
  const result = await runImageProgram(request, memory, imageTimeoutSeconds, options);
  if (result.kind !== "probe") throw new JobFailure(9000, `The image program did not probe ${options.name}.`);
  return toImageProbe(result, bytes);
};

/**
 * Decodes an image and encodes it.
 *
 * @param probe of the image
 * @throws JobFailure 4002 if it is damaged, 4005 or 4007 if it takes too long or needs too much memory
 */
export const convertImage = async (
  conversion: ImageConversion,
  probe: Probe,
  options: ImageProgramOptions,
): Promise<void> => {
  const { codedWidth = 0, codedHeight = 0, frameCount = 1 } = probe.video ?? {};
  const pixels = codedWidth * codedHeight;
  const memory = computeImageMemoryLimit(
    { pixels, fileBytes: conversion.bytes },
    conversion.targets.some(({ format }) => format === "avif") ? conversion.width * conversion.height : 0,
    conversion.threads,
    options.taskMemoryBytes,
  );
  const isAnimated = conversion.targets.some((target) => target.isAnimated);
  const timeoutSeconds = computeImageTimeoutSeconds(isAnimated ? pixels * frameCount : 0);
  await runImageProgram(conversion, memory, timeoutSeconds, options);
};
