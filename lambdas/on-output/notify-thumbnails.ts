import { forEachUpload } from "../../pipeline/events/for-each-upload.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { isFolderMarker, type UploadEvent } from "../../pipeline/events/upload.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { ownershipMetadata } from "../../pipeline/jobs/ownership.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import { thumbnailRecipes } from "../../pipeline/routing/thumbnail-prefixes.ts";
import type { NewThumbnail, OnOutput } from "./on-output.ts";

export interface OnOutputPorts {
  readonly outputBucket: string;
  readonly objects: Pick<ObjectStore, "head">;
  readonly jobs: Pick<JobStore, "read">;
  readonly log: Logger;
  /** The team's hook. */
  readonly onOutput: OnOutput;
}

/**
 * Returns the thumbnail of an event; undefined if the object does not exist, has no job, or is another kind of output.
 */
const findThumbnail = async (
  { objects, jobs, log }: OnOutputPorts,
  { bucket, key, versionId }: UploadEvent,
): Promise<NewThumbnail | undefined> => {
  const head = await objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) });
  const id = head?.metadata[ownershipMetadata.job];
  if (head === undefined || id === undefined || !isJobId(id)) return undefined;
  const job = await jobs.read(id);
  if (job === undefined) {
    log.warn("The job of an output does not exist", { key, jobId: id });
    return undefined;
  }
  const { route, recipe, source } = job;
  if (recipe === null || !thumbnailRecipes.has(recipe)) return undefined;
  return {
    bucket,
    key,
    ...(versionId === undefined ? {} : { versionId }),
    bytes: head.bytes,
    ...(head.contentType === undefined ? {} : { contentType: head.contentType }),
    job: { id, route, recipe, source },
  };
};

/**
 * Creates the handler that calls the team's hook for every new thumbnail. It accepts EventBridge's "Object Created" of
 * the output bucket, S3 notifications, and both in SQS messages, whose failures are reported individually.
 */
export const createOnOutputHandler = (ports: OnOutputPorts): ((event: unknown) => Promise<BatchResponse>) => {
  const handleCreatedObject = async (createdObject: UploadEvent): Promise<void> => {
    if (createdObject.bucket !== ports.outputBucket || isFolderMarker(createdObject.key)) return;
    const thumbnail = await findThumbnail(ports, createdObject);
    if (thumbnail === undefined) return;
    const { key, versionId, bytes, job } = thumbnail;
    ports.log.info("Thumbnail created", {
      key,
      versionId,
      bytes,
      jobId: job.id,
      route: job.route,
      sourceKey: job.source.key,
    });
    await ports.onOutput(thumbnail);
  };
  return (event) =>
    handleMessages(event, ports.log, (message) => forEachUpload(message, handleCreatedObject));
};
