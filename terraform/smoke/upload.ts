import { join } from "node:path";
import { buildLavfiInputs, makeMedia, watermarkGraph } from "../../adapters/local/lavfi.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";
import { buildClipArguments } from "./clip-formats.ts";
import { getWatermarkKey, type PlannedClip } from "./plan.ts";
import type { DeployedStage } from "./stage.ts";
import type { UploadedClip } from "./watch.ts";

interface MakeOptions {
  readonly ffmpeg: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

const makeClip = async (
  { ffmpeg, folder, signal }: MakeOptions,
  name: string,
  ffmpegArguments: readonly string[],
): Promise<string> => {
  const path = join(folder, name);
  try {
    await makeMedia(ffmpeg, [...ffmpegArguments, path], signal);
    return path;
  } catch (cause) {
    signal.throwIfAborted();
    throw new CommandError(`Could not generate the clip ${name}: ${formatError(cause)}`, { cause });
  }
};

/** Generates the clips on this machine; clips of the same format and duration share a file. */
export const makeClips = async (
  planned: readonly PlannedClip[],
  options: MakeOptions,
): Promise<ReadonlyMap<PlannedClip, string>> => {
  const files = new Map<string, Promise<string>>();
  const clips = planned.map(async (clip) => {
    const name = `clip-${clip.seconds}.${clip.format.extension}`;
    const file = files.get(name) ?? makeClip(options, name, buildClipArguments(clip.format, clip.seconds));
    files.set(name, file);
    return [clip, await file] as const;
  });
  return new Map(await Promise.all(clips));
};

/**
 * Uploads a watermark image for this run if a route's watermark is missing; returns its key, or undefined if not needed.
 * Its key is unique, so that no other upload uses it.
 */
export const uploadWatermark = async (
  { objects, deployment: { inputBucket: bucket } }: DeployedStage,
  planned: readonly PlannedClip[],
  name: string,
  options: MakeOptions,
): Promise<string | undefined> => {
  const images = [...new Set(planned.flatMap((clip) => getWatermarkKey(clip) ?? []))];
  const heads = await Promise.all(images.map((key) => objects.head({ bucket, key })));
  const missing = images.find((_, index) => heads[index] === undefined);
  if (missing === undefined) return undefined;
  const key = `${missing.slice(0, missing.lastIndexOf("/") + 1)}${name}.png`;
  const file = await makeClip(options, "mark.png", [...buildLavfiInputs(watermarkGraph), "-frames:v", "1"]);
  await objects.write({ bucket, key }, { file }, { contentType: "image/png" });
  return key;
};

/** Uploads a clip like a user. */
export const uploadClip = async (
  { objects, deployment: { inputBucket: bucket } }: DeployedStage,
  clip: PlannedClip,
  file: string,
  watermark: string | undefined,
): Promise<UploadedClip> => {
  const { key, route } = clip;
  const metadata: Record<string, string> =
    watermark !== undefined && getWatermarkKey(clip) !== undefined ? { watermark } : {};
  const { versionId, etag } = await objects.write(
    { bucket, key },
    { file },
    { contentType: getContentType(key), metadata },
  );
  const isVersioned = versionId !== undefined && versionId !== "" && versionId !== "null";
  return {
    ...clip,
    file,
    ...(isVersioned ? { jobId: computeJobId({ bucket, key, versionId, etag }, route.name) } : {}),
  };
};
