import type { WorkerDefinition } from "../../pipeline/environment/worker.ts";
import { bucketsOf } from "../../pipeline/jobs/work-buckets.ts";
import type { WorkOrder } from "../../pipeline/jobs/work-order.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";

/**
 * The objects of a place, loaded only as they are needed.
 *
 * @param location `s3`, or `file:` and a folder
 */
export const openObjects = async (location: string): Promise<ObjectStore> => {
  if (location.startsWith("file:")) {
    const { createLocalObjectStore } = await import("../../adapters/local/object-store.ts");
    return createLocalObjectStore({ directory: location.slice("file:".length) });
  }
  const [{ S3Client }, { createS3ObjectStore }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../adapters/aws/object-store.ts"),
  ]);
  return createS3ObjectStore(new S3Client({}));
};

/**
 * The objects of an order. Buckets that are not the deployment's own are reached by the order's role (DESIGN 6.5).
 *
 * @param objects as the worker's own role reaches them
 */
export const objectsOfOrder = async (
  objects: ObjectStore,
  { OBJECT_STORE, OWN_BUCKETS }: Pick<WorkerDefinition, "OBJECT_STORE" | "OWN_BUCKETS">,
  order: WorkOrder,
): Promise<ObjectStore> => {
  const { id, role } = order;
  if (OBJECT_STORE !== "s3" || OWN_BUCKETS === undefined || role === undefined) return objects;
  const own = OWN_BUCKETS.split(",");
  if (bucketsOf(order).every((bucket) => own.includes(bucket))) return objects;
  const [{ S3Client }, { STSClient }, { createS3ObjectStore }, { roleCredentials }, { objectsByBucket }] =
    await Promise.all([
      import("@aws-sdk/client-s3"),
      import("@aws-sdk/client-sts"),
      import("../../adapters/aws/object-store.ts"),
      import("../../adapters/aws/role-credentials.ts"),
      import("./objects-by-bucket.ts"),
    ]);
  const credentials = roleCredentials(new STSClient({}), { role, session: `reelway-${id}` });
  const others = createS3ObjectStore(new S3Client({ credentials }));
  return objectsByBucket((bucket) => (own.includes(bucket) ? objects : others));
};
