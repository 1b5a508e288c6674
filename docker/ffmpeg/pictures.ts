import { JobFailure } from "../../pipeline/job/error.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { WorkOrder } from "../../pipeline/work/order.ts";
import { withStore } from "./failure.ts";

/** Bytes a watermark may have: it is read whole for every frame's overlay. */
const maxPictureBytes = 50 * 1024 * 1024;

/** Keys of the further pictures an order's recipe wants, by role; they lie in the source's bucket. */
const pictureKeys = ({ recipe, metadata }: WorkOrder): Readonly<Record<string, string>> => {
  if (recipe.name !== "watermark") return {};
  const named = metadata.watermark?.trim();
  return { watermark: named === undefined || named === "" ? recipe.image : named };
};

/**
 * Looks the further pictures of an order up.
 *
 * @throws JobFailure 4003 where one is not there, 4004 where it cannot be one
 */
export const findPictures = async (
  objects: Pick<ObjectStore, "head">,
  order: WorkOrder,
): Promise<Readonly<Record<string, ObjectHead>>> => {
  const found: Record<string, ObjectHead> = {};
  for (const [role, key] of Object.entries(pictureKeys(order))) {
    const { bucket, key: sourceKey } = order.source;
    if (key === sourceKey)
      throw new JobFailure(
        4004,
        `${sourceKey} names itself as its ${role}. Name a picture, e.g. watermarks/logo.png.`,
      );
    const head = await withStore("source", `Looking at ${role} ${key}`, () => objects.head({ bucket, key }));
    if (head === undefined)
      throw new JobFailure(
        4003,
        `There is no ${role} ${key} in bucket ${bucket}. Upload the picture there, or name another in the upload's metadata \`${role}\`, then retry the job with --force.`,
      );
    if (head.bytes === 0 || head.bytes > maxPictureBytes)
      throw new JobFailure(
        4004,
        `The ${role} ${key} has ${head.bytes} bytes; between 1 and ${maxPictureBytes} are allowed.`,
      );
    found[role] = head;
  }
  return found;
};
