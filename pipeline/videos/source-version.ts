import type { Job } from "../jobs/job.ts";
import type { ObjectSummary } from "../ports/object-store.ts";

/** Whether a version of an upload is the one that a job was made from. */
export const isSourceVersion = (
  { source }: Pick<Job, "source">,
  { versionId, etag }: Pick<ObjectSummary, "etag"> & { readonly versionId?: string | undefined },
): boolean =>
  source.versionId === undefined ? source.etag === etag.replaceAll('"', "") : source.versionId === versionId;
