import { buildWatermarkRole } from "../../../pipeline/elastic-transcoder/transcode/watermarks.ts";
import type { PlanInput } from "../../../pipeline/encoding/plan.ts";
import { isMediaFailure, isPermanentFailure, JobFailure } from "../../../pipeline/errors/job-error.ts";
import { forceRetryAdvice } from "../../../pipeline/errors/retry-advice.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { ObjectHead, ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { getOwnerId } from "../../../pipeline/uploads/user-metadata.ts";
import { withStoreFailures } from "../failures/failure.ts";
import type { OutputGroups } from "../outputs/output-groups.ts";

/** Maximum size of a watermark image, which is held in memory. */
const maxImageBytes = 50 * 1024 * 1024;

/** An image that a recipe requires. */
interface RequiredImage {
  readonly role: string;
  /** For messages: `watermark`. */
  readonly label: string;
  readonly key: string;
  /** Outputs that need the image. Empty: all of them. */
  readonly outputs: readonly string[];
}
/** A required image that exists. */
export interface WatermarkImage extends RequiredImage {
  readonly head: ObjectHead;
}

/** Lists the images that an attempt's recipe requires. They are in the source's bucket. */
const listRequiredImages = ({ recipe, metadata }: AttemptSpecification): readonly RequiredImage[] => {
  if (recipe.name === "transcode") {
    const references = recipe.outputs.flatMap(({ watermarks = [], key: output }) =>
      watermarks.map(({ key }) => ({ key, output })),
    );
    return [...new Set(references.map(({ key }) => key))].map((key) => ({
      role: buildWatermarkRole(key),
      label: "watermark",
      key,
      outputs: references.filter((mark) => mark.key === key).map(({ output }) => output),
    }));
  }
  if (recipe.name !== "watermark") return [];
  const metadataKey = metadata.watermark?.trim();
  const key = metadataKey === undefined || metadataKey === "" ? recipe.image : metadataKey;
  return [{ role: "watermark", label: "watermark", key, outputs: [] }];
};

/** Fails the outputs that need an image. @throws the failure, if all outputs need it */
const failOutputs = ({ outputs }: RequiredImage, outputGroups: OutputGroups, cause: unknown): void => {
  if (outputs.length === 0 || !isPermanentFailure(cause)) throw cause;
  for (const output of outputs) outputGroups.fail(output, cause);
};

const getFolder = (key: string): string => key.slice(0, key.lastIndexOf("/") + 1);

/**
 * Whether a source may use an image that its metadata names. That of a user may use the user's own images, and those in
 * the folder of the route's image, where only operators can upload: a user's uploads are in a folder with the user's id.
 */
const canUse = (sourceOwnerId: string | undefined, image: ObjectHead, routeImageKey: string): boolean =>
  sourceOwnerId === undefined ||
  getOwnerId(image.metadata) === sourceOwnerId ||
  getFolder(image.key) === getFolder(routeImageKey);

const headImage = async (
  objects: Pick<ObjectStore, "head">,
  { recipe, source }: AttemptSpecification,
  { label, key }: RequiredImage,
  sourceOwnerId: string | undefined,
): Promise<ObjectHead> => {
  const { bucket } = source;
  if (key === source.key)
    throw new JobFailure(
      4004,
      `${source.key} uses itself as its ${label}. Specify another image, e.g. watermarks/logo.png.`,
    );
  const head = await withStoreFailures("source", `Reading the metadata of ${label} ${key}`, () =>
    objects.head({ bucket, key }),
  );
  // An image of another user does not exist for this one.
  if (head === undefined || (recipe.name === "watermark" && !canUse(sourceOwnerId, head, recipe.image)))
    throw new JobFailure(
      4003,
      recipe.name === "transcode"
        ? `The ${label} ${key} does not exist in bucket ${bucket}. Upload it, then create the job again.`
        : `The ${label} ${key} does not exist in bucket ${bucket}. Upload it (${formatUploadCommand(key)}), ${forceRetryAdvice} Or upload the source again with another key in its metadata \`${label}\`.`,
    );
  if (head.bytes === 0 || head.bytes > maxImageBytes)
    throw new JobFailure(
      4004,
      `The ${label} ${key} has ${head.bytes} bytes. It must have between 1 and ${maxImageBytes} bytes.`,
    );
  return head;
};

/** The command that uploads a file to a key. */
const formatUploadCommand = (key: string): string => {
  const nameStart = key.lastIndexOf("/") + 1;
  return `npx reelway upload --prefix '${key.slice(0, nameStart)}' '${key.slice(nameStart)}'`;
};

/**
 * Finds the images that an attempt requires. A missing one fails the outputs that need it.
 *
 * @param sourceOwnerId id of the user that the source belongs to; undefined if it belongs to nobody
 * @throws JobFailure 4003 if an image that all outputs need does not exist, 4004 if it is not valid
 */
export const findWatermarkImages = async (
  objects: Pick<ObjectStore, "head">,
  specification: AttemptSpecification,
  sourceOwnerId: string | undefined,
  outputGroups: OutputGroups,
): Promise<readonly WatermarkImage[]> => {
  const images: WatermarkImage[] = [];
  for (const image of listRequiredImages(specification))
    try {
      images.push({ ...image, head: await headImage(objects, specification, image, sourceOwnerId) });
    } catch (cause) {
      failOutputs(image, outputGroups, cause);
    }
  return images;
};

/**
 * Prepares the images for ffmpeg and returns them by role.
 *
 * @param prepare converts an image; its index makes file names distinct
 * @throws JobFailure 4004 if a file that all outputs need is not an image
 */
export const prepareWatermarkImages = async (
  watermarkImages: readonly WatermarkImage[],
  outputGroups: OutputGroups,
  prepare: (image: WatermarkImage, index: number) => Promise<PlanInput>,
): Promise<Readonly<Record<string, PlanInput>>> => {
  const images: Record<string, PlanInput> = {};
  for (const [index, image] of watermarkImages.entries()) {
    const { role, label, key } = image;
    try {
      images[role] = await prepare(image, index).catch((cause: unknown) => {
        if (!isMediaFailure(cause)) throw cause;
        throw new JobFailure(4004, `The ${label} ${key} cannot be used: ${cause.message}`, { cause });
      });
    } catch (cause) {
      failOutputs(image, outputGroups, cause);
    }
  }
  return images;
};
