import * as z from "zod";
import type { ObjectHead, ObjectSummary } from "../../pipeline/ports/object-store.ts";

/** What lies beside the bytes of one version. */
export const versionRecord = z.object({
  key: z.string(),
  versionId: z.string(),
  sequencer: z.string(),
  etag: z.string(),
  bytes: z.number(),
  modifiedAt: z.string(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
  isDeleteMarker: z.boolean(),
});
export type VersionRecord = z.infer<typeof versionRecord>;

/** An object as its creation is told: with the sequencer an S3 event would carry. */
export type CreatedObject = ObjectHead & { readonly sequencer: string };

let lastSequencer = 0n;

/**
 * The sequencer of a key's next version: hexadecimal, 16 digits, microseconds. It rises with every version of a
 * key, over restarts and whatever the clock does, and is never given twice by one process.
 *
 * @param previous of the key's latest version
 */
export const generateSequencer = (previous: string | undefined): string => {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  const latest = previous === undefined ? 0n : BigInt(`0x${previous}`);
  for (const candidate of [now, lastSequencer + 1n, latest + 1n])
    if (candidate > lastSequencer) lastSequencer = candidate;
  return lastSequencer.toString(16).padStart(16, "0").toUpperCase();
};

/** The time of a key's next version, ISO 8601: never before its latest one's, whatever the clock does. */
export const computeModifiedAt = (previous: string | undefined): string => {
  const now = new Date().toISOString();
  return previous !== undefined && previous > now ? previous : now;
};

export const toObjectHead = (bucket: string, version: VersionRecord): CreatedObject => {
  const { key, versionId, etag, bytes, modifiedAt, contentType, metadata, sequencer } = version;
  return { bucket, key, versionId, etag, bytes, modifiedAt, contentType, metadata, sequencer };
};

export const toObjectSummary = (version: VersionRecord, isLatest: boolean): ObjectSummary => {
  const { key, versionId, etag, bytes, modifiedAt } = version;
  return { key, versionId, etag, bytes, modifiedAt, isLatest };
};
