import type { TaskDefinitionEnvironment } from "../../../pipeline/environment/worker.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { listBuckets } from "../../../pipeline/jobs/work-buckets.ts";
import type { ObjectStore } from "../../../pipeline/ports/object-store.ts";

/**
 * Opens an object store. Loads only the modules that are needed.
 *
 * @param location `s3`, or `file:` and a directory
 */
export const openObjectStore = async (location: string): Promise<ObjectStore> => {
  if (location.startsWith("file:")) {
    const { createLocalObjectStore } = await import("../../../adapters/local/object-store.ts");
    return createLocalObjectStore({ directory: location.slice("file:".length) });
  }
  const [{ S3Client }, { createS3ObjectStore }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../../adapters/aws/object-store.ts"),
  ]);
  return createS3ObjectStore(new S3Client({}));
};

/**
 * Opens the object store of an attempt. Buckets outside the stage are accessed with the role in the specification
 * (docs/architecture.md, "Invariants").
 *
 * @param objects object store with the worker's own role
 */
export const openAttemptObjectStore = async (
  objects: ObjectStore,
  { OBJECT_STORE, STAGE_BUCKETS }: Pick<TaskDefinitionEnvironment, "OBJECT_STORE" | "STAGE_BUCKETS">,
  specification: AttemptSpecification,
): Promise<ObjectStore> => {
  const { id, roleArn } = specification;
  if (OBJECT_STORE !== "s3" || STAGE_BUCKETS === undefined || roleArn === undefined) return objects;
  const ownBuckets = STAGE_BUCKETS.split(",");
  if (listBuckets(specification).every((bucket) => ownBuckets.includes(bucket))) return objects;
  const [
    { S3Client },
    { STSClient },
    { createS3ObjectStore },
    { createRoleCredentials },
    { createObjectStoreByBucket },
  ] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/client-sts"),
    import("../../../adapters/aws/object-store.ts"),
    import("../../../adapters/aws/role-credentials.ts"),
    import("./objects-by-bucket.ts"),
  ]);
  const credentials = createRoleCredentials(new STSClient({}), { roleArn, sessionName: `reelway-${id}` });
  const roleObjects = createS3ObjectStore(new S3Client({ credentials }));
  return createObjectStoreByBucket((bucket) => (ownBuckets.includes(bucket) ? objects : roleObjects));
};
