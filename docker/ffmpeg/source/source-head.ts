import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { unquoteEtag } from "../../../pipeline/ports/etag.ts";
import type {
  ObjectHead,
  ObjectReference,
  ObjectStore,
  ReadReference,
} from "../../../pipeline/ports/object-store.ts";
import { withStoreFailures } from "../failures/failure.ts";

/** In a bucket with suspended versioning, every upload has the version id `null` and replaces the previous one. */
const isVersion = (versionId: string | undefined): versionId is string =>
  versionId !== undefined && versionId !== "null";

/** True if the source can be replaced while it is read, because the attempt has no version id. */
export const canBeReplaced = ({ source }: AttemptSpecification): boolean => !isVersion(source.versionId);

/** The source object of an attempt, with its version if it has one. */
const buildSourceReference = ({
  source: { bucket, key, versionId },
}: AttemptSpecification): ObjectReference =>
  isVersion(versionId) ? { bucket, key, versionId } : { bucket, key };

/** The object that ffmpeg reads: the version of the attempt, else the object as it was when reading started. */
export const buildReadReference = (
  specification: AttemptSpecification,
  { etag }: ObjectHead,
): ReadReference =>
  canBeReplaced(specification)
    ? { ...buildSourceReference(specification), etag }
    : buildSourceReference(specification);

/**
 * Reads the metadata of the source: of the attempt's version, or (in a bucket without versions) with the same ETag.
 *
 * @throws JobFailure 3001 if it was deleted or replaced, 4002 if it is empty or its size differs from its upload event
 */
export const headSource = async (
  { objects }: { readonly objects: Pick<ObjectStore, "head"> },
  specification: AttemptSpecification,
): Promise<ObjectHead> => {
  const { source } = specification;
  const head = await withStoreFailures("source", `Reading the metadata of source ${source.key}`, () =>
    objects.head(buildSourceReference(specification)),
  );
  if (head === undefined)
    throw new JobFailure(
      3001,
      `Object ${source.key}${canBeReplaced(specification) ? "" : ` (version ${source.versionId})`} no longer exists in bucket ${source.bucket}. Upload it again.`,
    );
  if (
    canBeReplaced(specification) &&
    source.etag !== undefined &&
    unquoteEtag(head.etag) !== unquoteEtag(source.etag)
  )
    throw new JobFailure(
      3001,
      `${source.key} was replaced after this job was created. The newer upload has its own job. No action needed.`,
    );
  if (head.bytes === 0)
    throw new JobFailure(4002, `${source.key} is empty (0 bytes). Upload the complete file again.`);
  const expectedBytes = source.segmentList?.bytes ?? source.bytes;
  if (expectedBytes > 0 && head.bytes !== expectedBytes)
    throw new JobFailure(
      4002,
      `${source.key} has ${head.bytes} bytes; its upload event reported ${expectedBytes}. Upload it again.`,
    );
  return head;
};

/**
 * Verifies that the source was not replaced.
 *
 * @param initialHead the source when reading started
 * @throws JobFailure 3001 if it was replaced; retryable if the job has no ETag, so that the next attempt can process
 * the new object
 */
export const checkUnchanged = async (
  ports: { readonly objects: Pick<ObjectStore, "head"> },
  specification: AttemptSpecification,
  initialHead: ObjectHead,
): Promise<void> => {
  if (!canBeReplaced(specification)) return;
  const currentHead = await headSource(ports, specification);
  if (currentHead.etag === initialHead.etag) return;
  throw new JobFailure(
    3001,
    `${specification.source.key} was replaced during the read. The next attempt reads the new object.`,
    { retryable: true },
  );
};
