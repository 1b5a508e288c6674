import { join } from "node:path";
import { lavfi, makeMedia, mark } from "../../adapters/local/lavfi.ts";
import { CommandFailed, oneLine } from "../../pipeline/errors/user-error.ts";
import { jobId } from "../../pipeline/jobs/job-id.ts";
import { contentTypeOf } from "../../pipeline/uploads/content-type.ts";
import { clipArguments } from "./clip-formats.ts";
import { type PlannedClip, watermarkImage } from "./plan.ts";
import type { DeployedStage } from "./stage.ts";
import type { UploadedClip } from "./watch.ts";

interface MakeOptions {
  readonly ffmpeg: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

const make = async (
  { ffmpeg, folder, signal }: MakeOptions,
  name: string,
  given: readonly string[],
): Promise<string> => {
  const path = join(folder, name);
  try {
    await makeMedia(ffmpeg, [...given, path], signal);
    return path;
  } catch (cause) {
    signal.throwIfAborted();
    throw new CommandFailed(`The clip ${name} could not be made: ${oneLine(cause)}`, { cause });
  }
};

/** Makes the clips on this machine; routes that take the same get the same file. */
export const makeClips = async (
  planned: readonly PlannedClip[],
  options: MakeOptions,
): Promise<ReadonlyMap<PlannedClip, string>> => {
  const files = new Map<string, Promise<string>>();
  const made = planned.map(async (clip) => {
    const name = `clip-${clip.seconds}.${clip.format.extension}`;
    const file = files.get(name) ?? make(options, name, clipArguments(clip.format, clip.seconds));
    files.set(name, file);
    return [clip, await file] as const;
  });
  return new Map(await Promise.all(made));
};

/**
 * A picture of the run's own beside a watermark that is missing; undefined where none is. It lies under a name of its
 * own, so that nobody else's film ever gets it.
 */
export const uploadWatermark = async (
  { objects, deployment: { inputBucket: bucket } }: DeployedStage,
  planned: readonly PlannedClip[],
  name: string,
  options: MakeOptions,
): Promise<string | undefined> => {
  const images = [...new Set(planned.flatMap((clip) => watermarkImage(clip) ?? []))];
  const heads = await Promise.all(images.map((key) => objects.head({ bucket, key })));
  const missing = images.find((_, index) => heads[index] === undefined);
  if (missing === undefined) return undefined;
  const key = `${missing.slice(0, missing.lastIndexOf("/") + 1)}${name}.png`;
  const file = await make(options, "mark.png", [...lavfi(mark), "-frames:v", "1"]);
  await objects.write({ bucket, key }, { file }, { contentType: "image/png" });
  return key;
};

/** Uploads a clip the way a user would. */
export const uploadClip = async (
  { objects, deployment: { inputBucket: bucket } }: DeployedStage,
  clip: PlannedClip,
  file: string,
  watermark: string | undefined,
): Promise<UploadedClip> => {
  const { key, route } = clip;
  const metadata: Record<string, string> =
    watermark !== undefined && watermarkImage(clip) !== undefined ? { watermark } : {};
  const { versionId, etag } = await objects.write(
    { bucket, key },
    { file },
    { contentType: contentTypeOf(key), metadata },
  );
  const versioned = versionId !== undefined && versionId !== "" && versionId !== "null";
  return {
    ...clip,
    file,
    ...(versioned ? { job: jobId({ bucket, key, versionId, etag }, route.name) } : {}),
  };
};
