import { watermarkRole } from "../../pipeline/elastic-transcoder/transcode/watermarks.ts";
import type { PlanInput } from "../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { WorkOrder } from "../../pipeline/jobs/work-order.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { withStore } from "./failure.ts";
import type { Parts } from "./parts.ts";

/** Bytes a watermark may have: it is read whole for every frame's overlay. */
const maxPictureBytes = 50 * 1024 * 1024;

/** A picture that is wanted: what it is in the recipe, its key, and the outputs that cannot be made without it. */
interface Wanted {
  readonly role: string;
  /** In a message: `watermark`. */
  readonly title: string;
  readonly key: string;
  /** Empty: nothing can be made without it. */
  readonly outputs: readonly string[];
}
/** A wanted picture that is there. */
export interface FoundPicture extends Wanted {
  readonly head: ObjectHead;
}

/** The further pictures that an order's recipe wants; they lie in the source's bucket. */
const wantedPictures = ({ recipe, metadata }: WorkOrder): readonly Wanted[] => {
  if (recipe.name === "transcode") {
    const marks = recipe.outputs.flatMap(({ watermarks = [], key: output }) =>
      watermarks.map(({ key }) => ({ key, output })),
    );
    return [...new Set(marks.map(({ key }) => key))].map((key) => ({
      role: watermarkRole(key),
      title: "watermark",
      key,
      outputs: marks.filter((mark) => mark.key === key).map(({ output }) => output),
    }));
  }
  if (recipe.name !== "watermark") return [];
  const named = metadata.watermark?.trim();
  const key = named === undefined || named === "" ? recipe.image : named;
  return [{ role: "watermark", title: "watermark", key, outputs: [] }];
};

/** A picture's failure is that of the outputs that want it. @throws the failure, where everything wants it */
const settle = ({ outputs }: Wanted, parts: Parts, cause: unknown): void => {
  if (outputs.length === 0 || !(cause instanceof JobFailure) || cause.retryable) throw cause;
  for (const output of outputs) parts.fail(output, cause);
};

const findPicture = async (
  objects: Pick<ObjectStore, "head">,
  { recipe, source }: WorkOrder,
  { title, key }: Wanted,
): Promise<ObjectHead> => {
  const { bucket } = source;
  if (key === source.key)
    throw new JobFailure(
      4004,
      `${source.key} names itself as its ${title}. Name a picture, e.g. watermarks/logo.png.`,
    );
  const head = await withStore("source", `Looking at ${title} ${key}`, () => objects.head({ bucket, key }));
  if (head === undefined)
    throw new JobFailure(
      4003,
      recipe.name === "transcode"
        ? `There is no ${title} ${key} in bucket ${bucket}. Upload the picture there and create the job anew.`
        : `There is no ${title} ${key} in bucket ${bucket}. Upload the picture there, or name another in the upload's metadata \`${title}\`, then retry the job with --force.`,
    );
  if (head.bytes === 0 || head.bytes > maxPictureBytes)
    throw new JobFailure(
      4004,
      `The ${title} ${key} has ${head.bytes} bytes; between 1 and ${maxPictureBytes} are allowed.`,
    );
  return head;
};

/**
 * Looks the further pictures of an order up; one that is missing fails the outputs that want it.
 *
 * @throws JobFailure 4003 where one is not there, 4004 where it cannot be one, if everything wants it
 */
export const findPictures = async (
  objects: Pick<ObjectStore, "head">,
  order: WorkOrder,
  parts: Parts,
): Promise<readonly FoundPicture[]> => {
  const found: FoundPicture[] = [];
  for (const wanted of wantedPictures(order))
    try {
      found.push({ ...wanted, head: await findPicture(objects, order, wanted) });
    } catch (cause) {
      settle(wanted, parts, cause);
    }
  return found;
};

/**
 * Looks into the pictures that were found, and answers them by role.
 *
 * @throws JobFailure 4004 where one is no picture, if everything wants it
 */
export const probePictures = async (
  pictures: readonly FoundPicture[],
  parts: Parts,
  serve: (picture: ObjectHead) => Promise<string>,
  probe: (url: string, name: string, bytes: number) => Promise<Probe>,
): Promise<Readonly<Record<string, PlanInput>>> => {
  const images: Record<string, PlanInput> = {};
  for (const picture of pictures) {
    const { role, title, key, head } = picture;
    try {
      const url = await serve(head).catch((cause: unknown) => {
        if (!(cause instanceof JobFailure) || cause.code !== 4007) throw cause;
        throw new JobFailure(4004, `The ${title} ${key} cannot be used: ${cause.message}`, { cause });
      });
      const found = await probe(url, key, head.bytes).catch((cause: unknown) => {
        if (!(cause instanceof JobFailure) || cause.retryable) throw cause;
        throw new JobFailure(4004, `The ${title} ${key} is no picture: ${cause.message}`, { cause });
      });
      if (found.video === undefined)
        throw new JobFailure(4004, `The ${title} ${key} is no picture. Name a PNG, JPEG or WebP.`);
      images[role] = { url, probe: { ...found, bytes: head.bytes } };
    } catch (cause) {
      settle(picture, parts, cause);
    }
  }
  return images;
};
