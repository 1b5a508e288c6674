import { buildWatermarkRole } from "../../pipeline/elastic-transcoder/transcode/watermarks.ts";
import type { PlanInput } from "../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { withStoreFailures } from "./failure.ts";
import type { OutputGroups } from "./output-groups.ts";

/** Bytes a watermark may have: it is read whole for every frame's overlay. */
const maxImageBytes = 50 * 1024 * 1024;

/** A picture that is wanted: what it is in the recipe, its key, and the outputs that cannot be made without it. */
interface RequiredImage {
  readonly role: string;
  /** In a message: `watermark`. */
  readonly label: string;
  readonly key: string;
  /** Empty: nothing can be made without it. */
  readonly outputs: readonly string[];
}
/** A wanted picture that is there. */
export interface WatermarkImage extends RequiredImage {
  readonly head: ObjectHead;
}

/** The further pictures that an order's recipe wants; they lie in the source's bucket. */
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

/** A picture's failure is that of the outputs that want it. @throws the failure, where everything wants it */
const failOutputs = ({ outputs }: RequiredImage, outputGroups: OutputGroups, cause: unknown): void => {
  if (outputs.length === 0 || !(cause instanceof JobFailure) || cause.retryable) throw cause;
  for (const output of outputs) outputGroups.fail(output, cause);
};

const headImage = async (
  objects: Pick<ObjectStore, "head">,
  { recipe, source }: AttemptSpecification,
  { label, key }: RequiredImage,
): Promise<ObjectHead> => {
  const { bucket } = source;
  if (key === source.key)
    throw new JobFailure(
      4004,
      `${source.key} names itself as its ${label}. Name a picture, e.g. watermarks/logo.png.`,
    );
  const head = await withStoreFailures("source", `Looking at ${label} ${key}`, () =>
    objects.head({ bucket, key }),
  );
  if (head === undefined)
    throw new JobFailure(
      4003,
      recipe.name === "transcode"
        ? `There is no ${label} ${key} in bucket ${bucket}. Upload the picture there and create the job anew.`
        : `There is no ${label} ${key} in bucket ${bucket}. Upload the picture there, or name another in the upload's metadata \`${label}\`, then retry the job with --force.`,
    );
  if (head.bytes === 0 || head.bytes > maxImageBytes)
    throw new JobFailure(
      4004,
      `The ${label} ${key} has ${head.bytes} bytes; between 1 and ${maxImageBytes} are allowed.`,
    );
  return head;
};

/**
 * Looks the further pictures of an order up; one that is missing fails the outputs that want it.
 *
 * @throws JobFailure 4003 where one is not there, 4004 where it cannot be one, if everything wants it
 */
export const findWatermarkImages = async (
  objects: Pick<ObjectStore, "head">,
  specification: AttemptSpecification,
  outputGroups: OutputGroups,
): Promise<readonly WatermarkImage[]> => {
  const images: WatermarkImage[] = [];
  for (const image of listRequiredImages(specification))
    try {
      images.push({ ...image, head: await headImage(objects, specification, image) });
    } catch (cause) {
      failOutputs(image, outputGroups, cause);
    }
  return images;
};

/**
 * Looks into the pictures that were found, and answers them by role.
 *
 * @throws JobFailure 4004 where one is no picture, if everything wants it
 */
export const probeWatermarkImages = async (
  watermarkImages: readonly WatermarkImage[],
  outputGroups: OutputGroups,
  serve: (image: ObjectHead) => Promise<string>,
  probe: (url: string, name: string, bytes: number) => Promise<Probe>,
): Promise<Readonly<Record<string, PlanInput>>> => {
  const images: Record<string, PlanInput> = {};
  for (const image of watermarkImages) {
    const { role, label, key, head } = image;
    try {
      const url = await serve(head).catch((cause: unknown) => {
        if (!(cause instanceof JobFailure) || cause.code !== 4007) throw cause;
        throw new JobFailure(4004, `The ${label} ${key} cannot be used: ${cause.message}`, { cause });
      });
      const probed = await probe(url, key, head.bytes).catch((cause: unknown) => {
        if (!(cause instanceof JobFailure) || cause.retryable) throw cause;
        throw new JobFailure(4004, `The ${label} ${key} is no picture: ${cause.message}`, { cause });
      });
      if (probed.video === undefined)
        throw new JobFailure(4004, `The ${label} ${key} is no picture. Name a PNG, JPEG or WebP.`);
      images[role] = { url, probe: { ...probed, bytes: head.bytes } };
    } catch (cause) {
      failOutputs(image, outputGroups, cause);
    }
  }
  return images;
};
