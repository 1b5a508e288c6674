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
  removed: z.boolean(),
});
export type VersionRecord = z.infer<typeof versionRecord>;

/** An object as its creation is told: with the sequencer an S3 event would carry. */
export type CreatedObject = ObjectHead & { readonly sequencer: string };

let lastTick = 0n;

/**
 * The sequencer of a key's next version: hexadecimal, 16 digits, microseconds. It rises with every version of a
 * key, over restarts and whatever the clock does, and is never given twice by one process.
 *
 * @param before of the key's latest version
 */
export const nextSequencer = (before: string | undefined): string => {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  const latest = before === undefined ? 0n : BigInt(`0x${before}`);
  for (const floor of [now, lastTick + 1n, latest + 1n]) if (floor > lastTick) lastTick = floor;
  return lastTick.toString(16).padStart(16, "0").toUpperCase();
};

/** The time of a key's next version, ISO 8601: never before its latest one's, whatever the clock does. */
export const nextModifiedAt = (before: string | undefined): string => {
  const now = new Date().toISOString();
  return before !== undefined && before > now ? before : now;
};

export const headOf = (bucket: string, version: VersionRecord): CreatedObject => {
  const { key, versionId, etag, bytes, modifiedAt, contentType, metadata, sequencer } = version;
  return { bucket, key, versionId, etag, bytes, modifiedAt, contentType, metadata, sequencer };
};

export const summaryOf = (version: VersionRecord, latest: boolean): ObjectSummary => {
  const { key, versionId, etag, bytes, modifiedAt } = version;
  return { key, versionId, etag, bytes, modifiedAt, latest };
};
