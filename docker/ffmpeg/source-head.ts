import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import { unquoteEtag } from "../../pipeline/ports/etag.ts";
import type {
  ObjectHead,
  ObjectReference,
  ObjectStore,
  ReadReference,
} from "../../pipeline/ports/object-store.ts";
import { withStoreFailures } from "./failure.ts";

/** S3 names every upload to a bucket whose versioning is suspended `null`: each replaces the one before. */
const isVersion = (versionId: string | undefined): versionId is string =>
  versionId !== undefined && versionId !== "null";

/** True where what an order reads can be replaced under it: no version of the source is named. */
export const canBeReplaced = ({ source }: AttemptSpecification): boolean => !isVersion(source.versionId);

/** What an order reads: of the pinned version, where there is one. */
const buildSourceReference = ({
  source: { bucket, key, versionId },
}: AttemptSpecification): ObjectReference =>
  isVersion(versionId) ? { bucket, key, versionId } : { bucket, key };

/** What ffmpeg reads of an order: of the version that is named, else of the object as it was when reading began. */
export const buildReadReference = (
  specification: AttemptSpecification,
  { etag }: ObjectHead,
): ReadReference =>
  canBeReplaced(specification)
    ? { ...buildSourceReference(specification), etag }
    : buildSourceReference(specification);

/**
 * The source as it is now: of the pinned version, or (in a bucket without versions) of the same ETag.
 *
 * @throws JobFailure 3001 where it is gone or another, 4002 where it is empty or shorter than its event said
 */
export const headSource = async (
  { objects }: { readonly objects: Pick<ObjectStore, "head"> },
  specification: AttemptSpecification,
): Promise<ObjectHead> => {
  const { source } = specification;
  const head = await withStoreFailures("source", `Looking at source ${source.key}`, () =>
    objects.head(buildSourceReference(specification)),
  );
  if (head === undefined)
    throw new JobFailure(
      3001,
      `There is no object ${source.key}${canBeReplaced(specification) ? "" : ` of version ${source.versionId}`} in bucket ${source.bucket} any more. Upload it again.`,
    );
  if (
    canBeReplaced(specification) &&
    source.etag !== undefined &&
    unquoteEtag(head.etag) !== unquoteEtag(source.etag)
  )
    throw new JobFailure(
      3001,
      `${source.key} was replaced after this job was made; the newer upload has a job of its own. No action needed.`,
    );
  if (head.bytes === 0)
    throw new JobFailure(4002, `${source.key} is empty (0 bytes). Upload the whole file again.`);
  if (source.bytes > 0 && head.bytes !== source.bytes)
    throw new JobFailure(
      4002,
      `${source.key} has ${head.bytes} bytes, but its upload was told with ${source.bytes}. Upload it again.`,
    );
  return head;
};

/**
 * Makes sure that what was read is still the source.
 *
 * @param initialHead the source when reading began
 * @throws JobFailure 3001 where it was replaced meanwhile; retryable where the job names no content, so that a next
 * attempt may work the new one
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
    `${specification.source.key} was replaced while it was read. Another attempt reads the new upload.`,
    { retryable: true },
  );
};
