import * as z from "zod";
import type { ObjectHead, ObjectSummary } from "../../pipeline/ports/object-store.ts";

/** Record of one version, next to its content. */
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

/** A created object with the sequencer of its S3 event. */
export type CreatedObject = ObjectHead & { readonly sequencer: string };

let lastSequencer = 0n;

/**
 * Generates the sequencer of a key's next version: microseconds, 16 hexadecimal digits. It increases with every version
 * of a key, across restarts and clock changes, and is unique within a process.
 *
 * @param previous sequencer of the key's latest version
 */
export const generateSequencer = (previous: string | undefined): string => {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  const latest = previous === undefined ? 0n : BigInt(`0x${previous}`);
  for (const candidate of [now, lastSequencer + 1n, latest + 1n])
    if (candidate > lastSequencer) lastSequencer = candidate;
  return lastSequencer.toString(16).padStart(16, "0").toUpperCase();
};

/** The time of a key's next version, ISO 8601: never before the previous one's, even if the clock changes. */
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
